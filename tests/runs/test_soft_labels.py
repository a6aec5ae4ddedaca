"""Tag probabilities and weights of sentences as arrays, and what is refused."""

import json

import numpy as np
import pytest
from preparing import prepared
from synthetic import succeed

from windowner.errors import DataError
from windowner.inputs.labels import NO_TAG
from windowner.runs.training import train

SURE = {"tokens": ["Ana", "is", "in", "Rome"], "tags": ["B-PER", "O", None, "B-LOC"]}
SOFT = {"tokens": ["Bo", "Li"], "tag_probabilities": [{"B-PER": 0.7, "O": 0.3}, {"E-PER": 0.7, "S-ORG": 0.1, "O": 0.2}]}


@pytest.fixture
def write(path):
    """Write records as the training file of a config."""

    def written(*records):
        file = path.parent / "train.jsonl"
        file.write_text("".join(json.dumps(record) + "\n" for record in records))
        return f"data.train={file}"

    return written


def test_rows_of_shares(path, write):
    """A type that is only probable is learnt, too."""
    ready, _ = prepared(path, write(SURE, {**SOFT, "weight": 0.5}))
    names, text = ready.model.tags.names, ready.training.text
    assert "S-ORG" in names
    numbers = {name: place for place, name in enumerate(names)}
    assert [names[tag] if tag != NO_TAG else "_" for tag in text.tags] == [
        "S-PER",
        "O",
        "_",
        "S-LOC",
        "B-PER",
        "E-PER",
    ]
    expected = np.zeros((6, len(names)), dtype=np.float32)
    for row, tags in enumerate(({"S-PER": 1}, {"O": 1}, {}, {"S-LOC": 1}, *SOFT["tag_probabilities"])):
        for tag, p in tags.items():
            expected[row, numbers[tag]] = p
    np.testing.assert_array_equal(text.soft.shares, expected)
    assert text.soft.weights.tolist() == [1, 1, 1, 1, 0.5, 0.5]


def test_probabilities_of_a_word_are_divided_by_their_sum(path, write):
    """Tolerance: a rounding of single precision."""
    ready, _ = prepared(path, write(SURE, {"tokens": ["Bo"], "tag_probabilities": [{"S-PER": 0.6004, "O": 0.4}]}))
    row = ready.training.text.soft.shares[-1]
    assert row.sum() == pytest.approx(1, abs=1e-7)
    assert row.max() == pytest.approx(0.6004 / 1.0004, rel=1e-7)


def test_without_probabilities_and_weights_labels_are_sure(path, write):
    ready, _ = prepared(path, write(SURE, {**SURE, "weight": 1}))
    assert ready.training.text.soft is None


def test_a_weight_of_two_is_the_sentence_twice(path, write):
    """In the loss, which is a mean over words, up to the number of words."""
    once, _ = prepared(path, write({**SURE, "weight": 2}))
    twice, _ = prepared(path, write(SURE))
    J, other = (ready.members[0].objective(batch_of(ready)) for ready in (once, twice))
    assert J == pytest.approx(2 * other, rel=1e-6)


def batch_of(ready):
    from windowner.inputs.batches import Distinct, make_batch

    return make_batch(ready.training.text, ready.training.F, Distinct(len(ready.training.F)))


@pytest.mark.parametrize("loss", ["word", "sentence"])
def test_probabilities_of_sure_tags_train_to_the_same_loss(path, write, loss):
    tags = ["S-PER", "O", "O", "S-LOC"]
    sure = {"tokens": SURE["tokens"], "tags": tags}
    soft = {"tokens": SURE["tokens"], "tag_probabilities": [{tag: 1} for tag in tags]}
    losses = []
    for record in (sure, soft):
        ready, _ = prepared(path, write(record), f"model.loss={loss}")
        losses.append(ready.members[0].objective(batch_of(ready)))
    assert losses[0] == pytest.approx(losses[1], rel=1e-6)


def test_outside_stays_known_where_probabilities_say_it(path, write):
    ready, _ = prepared(path, write(SURE, SOFT), "data.unlabelled_as=unknown")
    assert (ready.training.text.tags == NO_TAG).tolist() == [False, True, True, False, False, False]


@pytest.mark.parametrize(
    ("token", "scheme", "message"),
    [
        ({"B-PER": 0.5, "I-PER": 0.5}, "BIOES", r"train.jsonl:1: tag_probabilities with the prefixes B, I, .* BIOES"),
        ({"S-PER": 1}, "IOB2", r"train.jsonl:1: tag_probabilities with the prefixes S, expected tags of IOB2"),
    ],
)
def test_other_schemes_are_refused(path, write, token, scheme, message):
    record = {"tokens": ["Ana"], "tags": ["B-PER"], "tag_probabilities": [token]}
    with pytest.raises(DataError, match=message):
        prepared(path, write(record), f"data.scheme={scheme}")


def test_a_tagger_teaches_another(path, tmp_path):
    """The probabilities that a tagger writes are read by a training, in the teacher's scheme."""
    options = ["--output", "jsonl", "--tag-probabilities"]
    tiny = path.parent / "tiny.toml"
    succeed("train", tiny, "--out", tmp_path / "teacher")
    written = succeed("tag", tmp_path / "teacher", path.parent / "dev.conll", *options).stdout
    records = [json.loads(line) for line in written.splitlines()]
    assert all(len(record["tag_probabilities"]) == len(record["tokens"]) for record in records)
    file = tmp_path / "taught.jsonl"
    file.write_text(written)
    run = train(_config(path, f"data.train={file}"), tmp_path / "run")
    assert run.scores["dev"].overall.f1 > 0.5


def _config(path, *overrides):
    from windowner.config.loading import load_config

    return load_config(path, overrides)
