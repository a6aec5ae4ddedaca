"""SECURITY.md: each promise has a test that exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_each_promise_has_its_test():
    rows = [line for line in PAGE.partition("## What is not")[0].splitlines() if line.startswith("| ")][2:]
    named = re.findall(r"`(tests/\S+\.py)::(test_\w+)` \|$", PAGE, re.MULTILINE)
    assert len(named) == len(rows) > 15
    for path, name in named:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), name
