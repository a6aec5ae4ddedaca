"""From a config to text in arrays and untrained networks."""

import numpy as np
import pytest
from preparing import prepared

from windowner.formats.reading import read_corpus
from windowner.runs.encoded import encode_tag_numbers
from windowner.text.schemes import SCHEMES
from windowner.text.tag_writing import convert


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("written", SCHEMES)
def test_tags_are_converted_to_the_scheme_that_is_trained_on(path, scheme, written):
    """Except from IO, in which neighbours of one type cannot be told apart."""
    file = path.parent / "train.conll"
    corpus = read_corpus(file)
    converted = convert(corpus.tags, written)
    rows = zip(corpus.tokens, converted, strict=True)
    file.write_text("".join("".join(f"{x} {y}\n" for x, y in zip(*row, strict=True)) + "\n" for row in rows))
    ready, _ = prepared(path, f"data.scheme={scheme}")
    numbers = encode_tag_numbers(ready.model, ready.corpora["train"])
    names = [ready.model.tags.names[number] for number in numbers]
    assert names == [tag for tags in convert(converted, scheme) for tag in tags]
    assert ready.training.text.tags.tolist() == numbers.tolist()


def test_rare_words_are_those_that_occur_at_most_this_often(path):
    (path.parent / "train.conll").write_text("a B-LOC\nb O\nb O\nc O\nc O\nc O\n")
    for count, rare in ((0, ""), (1, "a"), (2, "ab"), (3, "abc")):
        ready, _ = prepared(path, f"vectors.unk_count={count}")
        rows = ready.model.words.rows
        assert "".join(word for word in "abc" if ready.training.rare[rows[word]]) == rare
        assert not ready.training.rare[:2].any()  # PAD and UNK


def test_forms_that_look_the_same_to_the_network_are_one(path):
    """Every token keeps its rows of all tables, and no two rows of F are the same."""
    train = path.parent / "train.conll"
    train.write_text(train.read_text(encoding="utf-8") + "\nPARIS\tO\nparis\tO\n", encoding="utf-8")
    text = read_corpus(train).tokens
    vectors = path.parent / "lower.txt"
    words = sorted({token.lower() for sentence in text for token in sentence})
    vectors.write_text("".join(f"{word} 1 2\n" for word in words), encoding="utf-8")
    found, _ = prepared(
        path, f"vectors.source={vectors}", *(f"features.{name}=0" for name in ("capitals", "shape", "affix_size"))
    )
    training, model = found.training, found.model
    tokens = [token for sentence in found.corpora["train"].tokens for token in sentence]
    F = training.F[training.text.stream[training.text.centers]]
    np.testing.assert_array_equal(F, model.encoder(tokens))
    assert len(np.unique(training.F, axis=0)) == len(training.F) < len(set(tokens)) + 1
    assert not training.F[0].any()  # the padding
