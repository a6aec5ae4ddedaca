"""What is compared of a release: its archives are those of the package, file by file."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from release.contents import BESIDE, check

PROJECT = '[project]\nversion = "1.2"\n'


@pytest.fixture
def root(tmp_path) -> Path:
    (tmp_path / "windowner" / "__pycache__").mkdir(parents=True)
    for name in ("pyproject.toml", "windowner/__init__.py", "windowner/py.typed", "windowner/__pycache__/a.pyc"):
        (tmp_path / name).write_text(PROJECT, encoding="utf-8")
    return tmp_path


def pack(folder: Path, wheel, sdist):
    with zipfile.ZipFile(folder / "windowner-1.2-py3-none-any.whl", "w") as archive:
        for name in wheel:
            archive.writestr(name, "")
    with tarfile.open(folder / "windowner-1.2.tar.gz", "w:gz") as archive:
        for name in sdist:
            archive.addfile(tarfile.TarInfo(f"windowner-1.2/{name}"), io.BytesIO())


def test_whole_archives(root):
    package = ["windowner/__init__.py", "windowner/py.typed"]
    pack(root, [*package, "windowner-1.2.dist-info/METADATA"], [*package, *BESIDE])
    assert check(root, root) == []


def test_missing_and_foreign_files_are_named(root):
    pack(
        root, ["windowner/__init__.py", "tests/a.py"], ["windowner/__init__.py", "windowner/py.typed", "data/README.md"]
    )
    assert check(root, root)[:3] == [
        "windowner-1.2-py3-none-any.whl: windowner/py.typed is missing",
        "windowner-1.2-py3-none-any.whl: tests/a.py is foreign",
        "windowner-1.2.tar.gz: .gitignore is missing",
    ]
    assert check(root, root)[-1] == "windowner-1.2.tar.gz: data/README.md is foreign"
