"""Whether documents are read follows from the marks of the training text."""

import pytest
from preparing import prepared

MARK = "-DOCSTART- O\n\n"
SENTENCE = "Paris B-LOC\nis O\n\n"


@pytest.mark.parametrize(
    ("text", "reason", "chosen"),
    [
        (SENTENCE * 40, "no document of several sentences marked in train", "off"),
        ((MARK + SENTENCE) * 40, "no document of several sentences marked in train", "off"),
        ((MARK + SENTENCE * 2) * 9, "9 documents of several sentences marked in train", "off"),
        ((MARK + SENTENCE * 2) * 10, "10 documents of several sentences marked in train", "on"),
    ],
)
def test_auto_is_on_where_enough_documents_are_marked(tiny_config, text, reason, chosen):
    (tiny_config.parent / "train.conll").write_text(text, encoding="utf-8")
    found, notes = prepared(tiny_config, "model.document=auto")
    assert f'model.document = "auto": {chosen} ({reason})' in notes
    assert found.model.config.model.document == chosen
    assert found.model.reads_documents == (chosen == "on")
    assert (found.training.documents is not None) == (chosen == "on")


def test_without_marks_stretches_are_documents(tiny_config):
    """Of the six sentences the first two have 9 tokens."""
    found, notes = prepared(tiny_config, "model.document=on", "model.stretch=9")
    assert "auto" not in notes
    assert found.training.documents.tolist() == [0, 2, 5, 6]


def test_the_same_seed_draws_the_same_other_weights(tiny_config):
    """The document head is drawn after all else."""
    on, _ = prepared(tiny_config, "model.document=on")
    off, _ = prepared(tiny_config)
    for name, p in off.model.network.parameters.items():
        assert p.tobytes() == on.model.network.parameters[name].tobytes()
