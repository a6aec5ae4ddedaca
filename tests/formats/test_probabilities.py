"""Tag probabilities and weights of sentences in JSON Lines, and tags that are null."""

import io
import json

import numpy as np
import pytest

from windowner.errors import DataError
from windowner.formats.jsonl import json_line, read_json_lines
from windowner.formats.options import ReadOptions
from windowner.formats.probabilities import rounded
from windowner.formats.reading import read_corpus


def read(*records, tagged=True):
    text = "\n".join(map(json.dumps, records)).replace("NaN", "1e999")
    options = ReadOptions(tag_column=-1 if tagged else None)
    return list(read_json_lines(io.BytesIO(text.encode()), "f", options)), options


def test_the_weight_of_a_text_with_spans_is_that_of_its_sentences(tmp_path):
    path = tmp_path / "spans.jsonl"
    path.write_text('{"text": "Ana is. Bob is.", "spans": [[0, 3, "X"]], "weight": 0.5, "id": 7}\n', encoding="utf-8")
    corpus = read_corpus(path)
    assert [sentence.weight for sentence in corpus.sentences] == [0.5, 0.5]
    assert any("weight" in note for note in corpus.notes)
    path.write_text('{"text": "Ana", "spans": [[0, 3, "X"]], "weight": "x"}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"spans.jsonl:1: weight 'x', expected a number from 0"):
        read_corpus(path)


SOFT = [{"B-X": 0.6004, "O": 0.4}, {"O": 1}, {"I-X": 0.5, "O": 0.4995, "B-X": 0}]


def test_probabilities_are_read_as_written_and_stand_for_tags():
    (sentence,), options = read({"tokens": ["a", "b", "c"], "tag_probabilities": SOFT, "weight": 2, "id": 7})
    assert sentence.tags == ["B-X", "O", "I-X"]
    assert sentence.probabilities == [SOFT[0], SOFT[1], {"I-X": 0.5, "O": 0.4995}]
    assert (sentence.weight, sentence.extra) == (2.0, {"weight": 2, "id": 7})
    assert any("tag_probabilities" in note for note in options.notes)
    assert any("weight" in note for note in options.notes)


def test_tags_that_are_given_stay_and_the_record_is_written_back():
    (sentence,), _ = read(
        {"tokens": ["a"], "tags": ["O"], "tag_probabilities": [{"B-X": 0.75, "O": 0.25}], "weight": 0}
    )
    assert sentence.tags == ["O"]
    again = json.loads(json_line(sentence, sentence.tags))
    assert again == {"weight": 0, "tokens": ["a"], "tags": ["O"], "tag_probabilities": [{"B-X": 0.75, "O": 0.25}]}


def test_writing_and_reading_again_leaves_each_digit():
    """The sum 0.9997 is within the rounding of a writer of four digits."""
    line = '{"tokens":["a"],"tags":["B-X"],"tag_probabilities":[{"B-X":0.7001,"O":0.1998,"I-X":0.0998}]}\n'
    for _ in range(3):
        (sentence,), _ = read(json.loads(line))
        assert json_line(sentence, sentence.tags) == line


def test_probabilities_of_old_tags_are_left_out_where_text_is_tagged():
    (sentence,), _ = read({"tokens": ["a"], "tag_probabilities": "anything", "weight": "heavy"}, tagged=False)
    assert (sentence.probabilities, sentence.tags, sentence.extra) == (None, None, {"weight": "heavy"})


def test_null_is_not_annotated():
    (first, second), _ = read({"tokens": ["a", "b"], "tags": [None, "O"]}, {"tokens": ["c"], "tags": ["?"]})
    assert (first.tags, second.tags) == (["_", "O"], ["_"])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"weight": -1}, "f:2: weight -1, expected a number from 0 to 1,000,000"),
        (
            {"weight": 1e7},
            "f:2: weight 10000000.0, expected a number from 0 to 1,000,000",
        ),  # losses of float32 overflow
        ({"weight": True}, "f:2: weight True, expected a number"),
        ({"weight": "2"}, "f:2: weight '2', expected a number"),
        ({"tag_probabilities": [{"O": 0.998}]}, "f:2: tag_probabilities of token 1: they sum to 0.998, expected 1"),
        ({"tag_probabilities": [{}]}, "f:2: tag_probabilities of token 1: they sum to 0, expected 1"),
        ({"tag_probabilities": [{"O": 2, "B-X": -1}]}, "f:2: tag_probabilities of token 1: O has 2.0, expected"),
        ({"tag_probabilities": [{"x": 1}]}, "f:2: tag_probabilities of token 1: unknown tag 'x', expected O or"),
        ({"tag_probabilities": [{"_": 1}]}, "f:2: tag_probabilities of token 1: '_', expected tags"),
        ({"tag_probabilities": []}, "f:2: tag_probabilities of 0 tokens, expected 1, one object for each token"),
        ({"tag_probabilities": [None]}, "f:2: tag_probabilities: Expected `object`, got `null`"),
        ({"tag_probabilities": {"O": 1}}, "f:2: tag_probabilities: Expected `array`, got `object`"),
    ],
)
def test_what_is_no_probability_is_refused(changed, message):
    with pytest.raises(DataError) as caught:
        read({"tokens": ["a"], "tags": ["O"]}, {"tokens": ["a"], "tags": ["O"], **changed})
    assert str(caught.value).startswith(message)


def test_probabilities_are_rounded_without_the_improbable_ones():
    p = np.array([[0.5, 0.4996, 0.0004], [1e-9, 1 - 2e-9, 1e-9]])
    assert list(rounded(np.log(p), ["O", "B-X", "I-X"])) == [{"O": 0.5002, "B-X": 0.4998}, {"B-X": 1.0}]
