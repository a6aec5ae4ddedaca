"""Links: those that point to each other, and those where windowner writes what nobody has named."""

import errno
import os
from pathlib import Path

import pytest

from windowner import links
from windowner.errors import DataError
from windowner.files import write_whole
from windowner.links import refuse_links, resolved


@pytest.fixture
def loop(tmp_path):
    """Two links that point to each other."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    return tmp_path / "a"


@pytest.mark.parametrize("use", [resolved, lambda path: write_whole(path, b"new")], ids=["resolved", "written"])
def test_links_that_point_to_each_other(loop, use):
    with pytest.raises(OSError, match="Too many levels of symbolic links") as refused:
        use(loop)
    assert refused.value.errno == errno.ELOOP
    assert sorted(os.listdir(loop.parent)) == ["a", "b"]


def test_links_are_followed_in_one_way():
    """`Path.resolve` raises another error for such links."""
    package = Path(links.__file__).parent
    modules = [path for path in package.rglob("*.py") if ".resolve()" in path.read_text(encoding="utf-8")]
    assert modules == [Path(links.__file__)]


@pytest.mark.parametrize("target", ["there", "nowhere"])
def test_a_link_is_refused_wherever_it_points(tmp_path, target):
    (tmp_path / "there").touch()
    (tmp_path / "link").symlink_to(target)
    refuse_links(tmp_path / "there", tmp_path / "nowhere")
    with pytest.raises(DataError, match="link: a link, which would be written through; remove it"):
        refuse_links(tmp_path / "there", tmp_path / "link")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_refused_before_anybody_waits_for_its_reader(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    refuse_links(tmp_path)
    with pytest.raises(DataError, match="pipe: a pipe or a device, expected a file; remove it"):
        refuse_links(tmp_path, tmp_path / "pipe")
