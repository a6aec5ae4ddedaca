"""docs/determinism.md: each test that it names exists, and the bounds are those of the code."""

import re
from pathlib import Path

from windowner.formats.limits import LARGEST_WHOLE, LONGEST_LINE
from windowner.text.sentence import LONGEST_SENTENCE

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "determinism.md").read_text(encoding="utf-8")


def test_each_line_of_the_table_has_its_test():
    rows = [line for line in PAGE.partition("## Other threads")[0].splitlines() if line.startswith("| ")][2:]
    named = re.findall(r"`(tests/\S+\.py)::(test_\w+)` \|$", PAGE, re.MULTILINE)
    assert len(named) == len(rows) > 15
    for path, name in named:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), name


def test_bounds():
    for bound in (LONGEST_LINE, LONGEST_SENTENCE, LARGEST_WHOLE):
        assert f"{bound:,}" in PAGE
