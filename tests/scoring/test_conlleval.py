"""The scorer against an outside oracle: what the Perl script conlleval printed about random files.

`conlleval.jsonl.gz` holds the files' tags and the script's output; `make_conlleval_fixture.py` beside it made it, and
says how. To compare with another draw, make one and point the environment variable CONLLEVAL_FIXTURE at it.
"""

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from windowner.scoring.entities import PRF, Scores, score

FIXTURE = Path(os.environ.get("CONLLEVAL_FIXTURE", Path(__file__).with_name("conlleval.jsonl.gz")))

# The script prints percentages with two decimals; the rest is room for the float arithmetic of both sides.
ROUNDING = 0.005 + 1e-9

HEAD = re.compile(r"processed (\d+) tokens with (\d+) phrases; found: (\d+) phrases; correct: (\d+)\.")
ACCURACY = re.compile(r"accuracy: +([\d.]+)%;")
RATIOS = re.compile(r"precision: +([\d.]+)%; recall: +([\d.]+)%; FB1: +([\d.]+)")
TYPE = re.compile(r"^ *(\S*): (precision: .*?)  (\d+)$", re.MULTILINE)


def read_fixture() -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(FIXTURE.read_bytes()).splitlines()]


def assert_ratios(counts: PRF, printed: str) -> None:
    found = RATIOS.search(printed)
    assert found
    expected = [float(number) for number in found.groups()]
    assert [100 * counts.precision, 100 * counts.recall, 100 * counts.f1] == pytest.approx(expected, abs=ROUNDING)


def assert_agrees(scores: Scores, printed: str) -> None:
    head, accuracy = HEAD.search(printed), ACCURACY.search(printed)
    assert head
    assert accuracy
    counts = [scores.tokens, scores.overall.support, scores.overall.predicted, scores.overall.correct]
    assert counts == [int(number) for number in head.groups()]
    assert 100 * scores.accuracy == pytest.approx(float(accuracy[1]), abs=ROUNDING)
    assert_ratios(scores.overall, printed)
    types = {name: (ratios, int(predicted)) for name, ratios, predicted in TYPE.findall(printed)}
    assert list(scores.types) == sorted(types)
    for name, (ratios, predicted) in types.items():
        assert scores.types[name].predicted == predicted
        assert_ratios(scores.types[name], ratios)


def test_equals_conlleval_on_random_files() -> None:
    files = read_fixture()
    assert len(files) >= 400
    for file in files:
        assert_agrees(score(file["gold"], file["predicted"]), file["printed"])


def test_fixture_holds_what_is_hard() -> None:
    """A type with a hyphen, no type at all, an I that continues nothing, and adjacent entities of one type."""
    sentences = [tags for file in read_fixture() for tags in file["gold"]]
    pairs = {pair for tags in sentences for pair in zip(["^", *tags], tags, strict=False)}
    assert {("^", "I-PER"), ("O", "I-creative-work"), ("B", "I"), ("I-PER", "I-LOC"), ("I-PER", "B-PER")} <= pairs
