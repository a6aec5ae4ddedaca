"""What is reported of labelled text that cannot measure what training learns, and of trainings that find nothing."""

import pytest
from synthetic import write_tiny

from windowner.config.loading import load_config
from windowner.runs.corpora import read_corpora
from windowner.runs.training import train
from windowner.training.observer import Observer


class Listener(Observer):
    """Keeps the notes."""

    def __init__(self):
        self.notes = []

    def note(self, message):
        self.notes.append(message)


@pytest.fixture
def path(tmp_path):
    return write_tiny(tmp_path)


def read(path, **files):
    for name, text in files.items():
        (path.parent / f"{name}.conll").write_text(text)
    listener = Listener()
    read_corpora(load_config(path), listener)
    return listener.notes


def test_nothing_is_reported_of_text_that_measures(path):
    assert len(read(path)) == 3  # what was read


def test_dev_without_entities(path):
    notes = read(path, dev="We O\nsaw O\n")
    assert notes[3:] == [
        f"dev holds no entity, so its F1 is 0 whatever is learnt ({path.parent}/dev.conll); the epoch with the lowest "
        "loss on dev is kept"
    ]


def test_test_without_entities(path):
    notes = read(path, test="We O\nsaw O\n")
    assert notes[3:] == [f"test holds no entity, so its F1 is 0 whatever is learnt ({path.parent}/test.conll)"]


def test_types_that_training_lacks(path):
    notes = read(path, dev="Paris B-LOC\nYear B-TIME\n", test="Tea B-FOOD\nYear B-TIME\n")
    lacks = "holds entities of types that train lacks:"
    missed = "They cannot be found, and count as missed"
    assert notes[3:] == [
        f"dev {lacks} TIME. {missed} ({path.parent}/dev.conll)",
        f"test {lacks} FOOD, TIME. {missed} ({path.parent}/test.conll)",
    ]


def test_held_out_documents_are_reported(path):
    rows = (path.parent / "train.conll").read_text().removeprefix("-DOCSTART- -X- O\n\n").split("\n\n")
    text = "\n\n".join(f"-DOCSTART- -X- O\n\n{row}" if place % 5 == 0 else row for place, row in enumerate(rows))
    (path.parent / "train.conll").write_text(text)
    listener = Listener()
    corpora = read_corpora(load_config(path, ["data.dev="]), listener)
    held = len(corpora["dev"].sentences)
    assert held % 5 == 0
    assert (
        f"data.dev is empty: {held} training sentences held out in whole documents to choose the best epoch"
        in listener.notes
    )


def test_a_training_that_finds_nothing_says_so(path, tmp_path):
    listener = Listener()
    options = ["train.learning_rate=1e-9", "train.fit_threshold=false", "train.epochs=2"]
    (path.parent / "dev.conll").write_text("Lagos B-LOC\nKofi B-PER\n")
    run = train(load_config(path, options), tmp_path / "run", listener)
    assert [record.dev_f1 for record in run.history] == [0, 0]
    kept = run.metrics["best_epoch"]
    assert any(note.startswith(f"no entity of dev was found in any epoch: epoch {kept} is") for note in listener.notes)
    assert not run.found_dev_entities


def test_a_training_that_finds_something_does_not(path, tmp_path):
    listener = Listener()
    run = train(load_config(path), tmp_path / "run", listener)
    assert run.found_dev_entities
    assert not any("no entity" in note for note in listener.notes)


def test_a_file_that_is_trained_on_and_scored(path):
    """Under whatever name it is given."""
    text = path.read_text()
    path.write_text(text.replace('dev = "dev.conll"', 'dev = "./x/../train.conll"'))
    (said,) = (note for note in read(path) if "is the training file" in note)
    assert said.startswith("data.dev is the training file, so its scores are those of sentences that training has seen")
