"""What a training says of the data before it starts."""

import windowner.runs.findings
from windowner.config.loading import load_config
from windowner.runs.corpora import read_corpora
from windowner.runs.findings import check_command, note_findings
from windowner.training.observer import SILENT, Observer


class Listener(Observer):
    def __init__(self):
        self.notes = []

    def note(self, message):
        self.notes.append(message)


def notes_of(config):
    config = load_config(config)
    listener = Listener()
    note_findings(read_corpora(config, SILENT), config, "european", listener)
    return listener.notes


def test_one_line_per_check_and_where_to_see_more(tiny_config):
    """Its dev is its train, six sentences of at least three tokens but one; both types are rare."""
    (note,) = notes_of(tiny_config)
    head, *lines = note.split("\n")
    assert head == f"found in the data; `windowner check {tiny_config}` shows the lines:"
    assert [line.split()[:2] for line in lines] == [["5", "repeated-sentences"], ["2", "rare-types"]]


def test_without_a_config_file_the_data_are_named(tiny_config):
    """`windowner train --train FILE` has a config that stands in no file."""
    config = load_config(tiny_config)
    listener, corpora = Listener(), read_corpora(config, SILENT)
    tiny_config.unlink()
    note_findings(corpora, config, "european", listener)
    assert listener.notes[0].startswith(f"found in the data; `windowner check {tiny_config.parent / 'train.conll'}")


def test_of_clean_data_nothing_is_said(tiny_config):
    (tiny_config.parent / "train.conll").write_text("Rome\tB-LOC\nis\tO\n\n" * 40)
    assert notes_of(tiny_config) == []


def test_where_nobody_listens_nothing_is_checked(tiny_config, monkeypatch):
    monkeypatch.setattr(windowner.runs.findings, "run_checks", None)
    note_findings({}, load_config(tiny_config), "european", SILENT)


def test_the_command_checks_the_text_that_is_trained_on(tiny_config):
    """What `--set` changed is not in the config's file."""
    other = tiny_config.parent / "another one.conll"
    other.write_text((tiny_config.parent / "train.conll").read_text())
    config = load_config(tiny_config, [f"data.train={other}", "data.token_column=0", "data.tag_column=1"])
    command = check_command(read_corpora(config, SILENT), config)
    assert command.startswith(f"windowner check '{other}' ")
    assert command.endswith(" --tag-column 1")
    same = load_config(tiny_config, ["train.epochs=1"])
    assert check_command(read_corpora(same, SILENT), same) == f"windowner check {tiny_config}"
    text = tiny_config.read_text()
    tiny_config.write_text(text.replace('train = "train.conll"', ""))
    assert f"{tiny_config.parent / 'train.conll'}" in check_command(read_corpora(same, SILENT), same)
