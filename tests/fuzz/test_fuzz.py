"""Damaged files of every kind: a right result or the project's own error, and nothing else.

WINDOWNER_FUZZ=100000 pytest tests/fuzz tries this many cases of each kind, drawn anew each time (`make fuzz`). Without
it, a few are tried, the same ones each time. A case that fails is written to `tests/fuzz/cases/KIND/`, where it is
tried from then on.
"""

import os
import resource
import signal
from hashlib import blake2b
from pathlib import Path

import pytest
from fuzz.kinds import KINDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from windowner.markup.lines import one_line

CASES = Path(__file__).with_name("cases")
SETTING = "WINDOWNER_FUZZ"
FEW = 40
LONGEST = 60
"""Seconds after which a case counts as one that never ends."""

MOST = 8 << 30
"""Bytes of memory that a case may have."""

COUNT = int(os.environ.get(SETTING, FEW))
DRAWN = settings(
    max_examples=COUNT,
    derandomize=SETTING not in os.environ,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
EACH_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of the content of a failing case


class NoEndError(Exception):
    """A case took longer than `LONGEST`."""


@pytest.fixture(autouse=True)
def _bounded_memory():
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def no_end(*_):
    raise NoEndError


def attempt(kind, path, content):
    """Read a file with this content. Any error but those of the kind is raised."""
    path.write_bytes(content)
    before = signal.signal(signal.SIGALRM, no_end)
    signal.alarm(LONGEST)
    said = ""
    try:
        kind.read(path)
    except kind.errors as error:
        said = str(error)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert len(one_line(said).splitlines()) <= 1  # as the command line prints it


@EACH_KIND
def test_damaged_files(kind, tmp_path):
    path, samples = kind.place(tmp_path)
    failing = []

    @DRAWN
    @given(st.one_of([damage(samples) for damage in kind.damage]))
    def run(content):
        failing[:] = [content]
        attempt(kind, path, content)
        failing.clear()

    try:
        run()
    finally:
        for content in failing:
            folder = CASES / kind.name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / blake2b(content, digest_size=8).hexdigest()).write_bytes(content)


@EACH_KIND
def test_cases_that_were_found(kind, tmp_path):
    path, _ = kind.place(tmp_path)
    for case in sorted((CASES / kind.name).glob("*")):
        attempt(kind, path, case.read_bytes())


def test_every_case_belongs_to_a_kind():
    assert {folder.name for folder in CASES.iterdir() if folder.is_dir()} <= {kind.name for kind in KINDS}
