"""docs/determinism.md: each test that it names exists, and the bounds are those of the code."""

import io
import re
from pathlib import Path

import pytest
from synthetic import Tiny, write_tiny

import windowner.tagger.chunks
from windowner.config.loading import load_config
from windowner.formats.limits import LARGEST_WHOLE, LONGEST_LINE
from windowner.runs.training import train
from windowner.tagging.streams import tag_stream
from windowner.tagging.task import TagTask
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


@pytest.fixture(scope="module", params=["preset=best", "model.document=on", "features.characters=5"])
def kind(request, tmp_path_factory) -> Tiny:
    config = write_tiny(tmp_path_factory.mktemp("kind"))
    return Tiny(config.parent, train(load_config(config, [request.param, "train.epochs=1"]), config.parent / "run"))


def tagged(kind: Tiny, jobs: int = 1, **options) -> bytes:
    task = TagTask(kind.model, input_format="columns", **options)
    content = (kind.folder / "dev.conll").read_bytes()
    return b"".join(text for text, _ in tag_stream(task, io.BytesIO(content), jobs))


def test_every_kind_of_model_tags_alike_however_the_work_is_cut(kind, monkeypatch):
    """With probabilities, except where other sentences are computed together: sums then differ by rounding."""
    tags, scores = tagged(kind), tagged(kind, scores=True)
    assert tagged(kind, jobs=2, scores=True) == scores
    assert tagged(kind, scores=True, cache_mb=0) == scores
    for name, most in (("SENTENCES", 3), ("TOKENS", 20)):
        monkeypatch.setattr(windowner.tagger.chunks, name, most)
        assert tagged(kind) == tags
