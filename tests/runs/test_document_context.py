"""Whether documents are read follows from the words that come back in them."""

import numpy as np
import pytest
from preparing import prepared

from windowner.runs.document_context import recurrence


def test_recurrence_worked_by_hand():
    """Rare are a, b, c and d, which occur twice, but not e. Once per sentence, they are 7 words: a c d, a b, b, d.

    Both a and both b come back in the first document. Both c stand in one sentence, and the two d in two documents.
    """
    sentences = ["a c c d".split(), "a b".split(), ["b"], "d e".split()]
    assert recurrence(sentences, np.array([0, 3, 4])) == pytest.approx(4 / 7)
    assert recurrence(sentences, np.array([0, 2, 3, 4])) == pytest.approx(2 / 7)
    assert recurrence(sentences, np.arange(5)) == 0
    assert recurrence([["a"], ["b"]], np.array([0, 2])) == 0  # no word is rare


def names(count: int) -> str:
    """Sentences of a name each, which stands in two neighbouring ones."""
    return "".join(f"Name{i // 2} B-LOC\nis O\n\n" for i in range(count))


def marked(text: str, sentences: int) -> str:
    """The same sentences in documents of so many."""
    blocks = text.split("\n\n")[:-1]
    opened = ("-DOCSTART- O\n\n" if i % sentences == 0 else "" for i in range(len(blocks)))
    return "".join(f"{mark}{block}\n\n" for mark, block in zip(opened, blocks, strict=True))


@pytest.mark.parametrize(
    ("text", "said", "chosen"),
    [
        (marked(names(40), 2), "20 documents, and 100% of the rare words", "on"),
        (marked(names(38), 2), "19 documents, and 100% of the rare words", "off"),
        (marked(names(40), 1), "40 documents, and 0% of the rare words", "off"),
        (names(40), "20 stretches, and 100% of the rare words", "on"),
        (names(2), "1 stretch, and 100% of the rare words", "off"),
    ],
)
def test_auto_is_on_where_words_come_back_in_enough_documents(tiny_config, text, said, chosen):
    """A stretch of 3 tokens has two sentences."""
    (tiny_config.parent / "train.conll").write_text(text, encoding="utf-8")
    found, notes = prepared(tiny_config, "model.document=auto", "model.stretch=3")
    assert f'model.document = "auto": {chosen} ({said} come back in theirs; `on` from 20, and 25%)' in notes
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
