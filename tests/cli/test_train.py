"""`windowner train`."""

import os
import re
import tomllib
from signal import SIGINT, SIGTERM, getsignal, raise_signal

import click
import pytest
from synthetic import error_of, invoke, succeed, write_vectors

import windowner.runs.training
from windowner.cli.progress import Progress
from windowner.cli.train import command, what_is_kept
from windowner.runs import checkpoint
from windowner.runs.file_names import CHECKPOINT_NAME
from windowner.tagger.tagger import Tagger
from windowner.whole_folders import work_folder


def kept_config(folder):
    return tomllib.loads((folder / "config.toml").read_text(encoding="utf-8"))


def test_scores_go_to_stdout_and_progress_to_stderr(tiny, tmp_path):
    result = succeed("train", tiny.config, "--out", tmp_path / "run")
    lines = result.stdout.splitlines()
    assert [line for line in lines if line in ("dev", "test", "train")] == ["dev", "test"]
    test = succeed("eval", tmp_path / "run", tiny.folder / "test.conll").stdout
    assert f"\ntest\n{test}\n" in result.stdout
    size = (tmp_path / "run" / "model.safetensors").stat().st_size / 1e6
    words = len(tiny.run.tagger.model.words.E)
    assert lines[-1] == f"{tmp_path}/run/model.safetensors ({size:.1f} MB, {words} words)"
    assert re.fullmatch(r"[\d.]+ s of training, [\d,]+ windows/s", lines[-2])
    history = tiny.run.history
    best = max(record.epoch for record in history if record.best)
    assert lines[-3] == f"fine-tuned vectors; kept epoch {best} of 2, the best on dev"
    epochs = [line for line in result.stderr.splitlines() if line.startswith("epoch ")]
    assert [line.split(":")[0] for line in epochs] == ["epoch 1/2", "epoch 2/2"]
    results = [f"{100 * record.dev_f1:.2f}{' (best so far)' if record.best else ''}" for record in history]
    for line, dev in zip(epochs, map(re.escape, results), strict=True):
        assert re.fullmatch(rf"epoch ./2: loss \d\.\d{{4}}, [\d,]+ windows/s, dev F1 {dev}", line)
    assert "train: 250 sentences" in result.stderr
    assert (tmp_path / "run" / "model.safetensors").read_bytes() == tiny.model.read_bytes()


def test_the_default_folder_is_in_the_working_directory(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = succeed("train", tiny.config)
    assert result.stdout.splitlines()[-1].startswith("runs/tiny/model.safetensors (")
    assert sorted(os.listdir(tmp_path / "runs" / "tiny")) == sorted(os.listdir(tiny.run.folder))


@pytest.mark.parametrize("mode", ["frozen", "fine-tuned"])
def test_flags_are_kept_in_the_config(config, tmp_path, mode):
    out = tmp_path / "run"
    source = config.parent / "vectors.txt"
    result = succeed(
        "train",
        config,
        "--out",
        out,
        f"--{mode}",
        "--seed",
        "7",
        "--set",
        f"vectors.source={source}",
        "--set",
        "train.epochs=1",
    )
    kept = kept_config(out)
    assert (kept["vectors"]["mode"], kept["vectors"]["source"]) == (mode, str(source))
    assert (kept["train"]["seed"], kept["train"]["epochs"], kept["model"]["radius"]) == (7, 1, 2)
    assert f"{mode} vectors; kept epoch 1 of 1" in result.stdout
    assert (
        "words with a pretrained vector, as written, lower-cased, or with digits as 0; % of types / % of tokens\n"
        in result.stderr
    )
    assert "rule of thumb" not in result.stderr


def test_what_auto_chose_is_told_and_kept(config, tmp_path):
    out = tmp_path / "run"
    source = f"vectors.source={config.parent}/vectors.txt"
    result = succeed("train", config, "--out", out, "--set", source, "--set", "vectors.mode=auto")
    assert 'vectors.mode = "auto": frozen (2,008 training words, fewer than 200,000)' in result.stderr
    assert "run the same command with --fine-tuned --out runs/tiny-fine-tuned\n" in result.stderr
    assert kept_config(out)["vectors"]["mode"] == "frozen"


@pytest.mark.parametrize(("keep", "known"), [("0", False), ("2", False), ("all", True)])
def test_the_printed_size_is_that_of_what_is_kept(config, tmp_path, keep, known):
    vectors = write_vectors(config.parent / "vectors.txt")
    source = f"vectors.source={config.parent}/vectors.txt"
    result = succeed("train", config, "--out", tmp_path / "run", "--set", source, "--set", f"vectors.keep={keep}")
    words = Tagger.load(tmp_path / "run").model.words.values
    assert ("zurich" in words) == known
    assert (len(words) == len(vectors) + 2) == known
    assert result.stdout.splitlines()[-1].endswith(f" MB, {len(words) + 2} words)")


# Without a config, and beside one


def test_a_training_without_a_config_is_that_of_the_config(config, tmp_path, monkeypatch):
    """The run has the name of the training file, and its config records everything."""
    monkeypatch.chdir(tmp_path)
    source = config.parent
    (tmp_path / "my.train.conll").write_bytes((source / "train.conll").read_bytes())
    files = ["--train", "my.train.conll", "--dev", source / "dev.conll", "--test", source / "test.conll"]
    keys = ("features.shape=4", "features.affix_size=4", "model.loss=word", "model.hidden=20")
    keys += ("train.epochs=2", "train.batch=32", "train.learning_rate=0.01")
    result = succeed("train", *files, *(part for key in keys for part in ("--set", key)))
    assert result.stdout.splitlines()[-1].startswith("runs/my/model.safetensors (")
    kept = kept_config(tmp_path / "runs" / "my")
    assert (kept["data"]["train"], kept["train"]["epochs"]) == (str(tmp_path / "my.train.conll"), 2)
    with_config = succeed("train", config, "--out", "with").stdout.splitlines()
    assert result.stdout.splitlines()[:-3] == with_config[:-3]  # the same scores
    again = succeed("train", "runs/my/config.toml", "--out", "again").stdout.splitlines()
    assert again[:-3] == with_config[:-3]


def test_options_replace_keys_of_a_config(config, tmp_path):
    other = config.parent / "other.conll"
    other.write_bytes((config.parent / "test.conll").read_bytes())
    options = ["--train", other, "--dev", other, "--test", other, "--vectors", config.parent / "vectors.txt"]
    options += ["--set", f"data.dev={config.parent}/dev.conll", "--set", "train.epochs=1", "--seed", "9"]
    succeed("train", config, "--out", tmp_path / "run", *options)
    kept = kept_config(tmp_path / "run")
    assert {kept["data"][name] for name in ("train", "dev", "test")} == {str(other)}
    assert kept["vectors"]["source"] == str(config.parent / "vectors.txt")
    assert (kept["model"]["hidden"], kept["train"]["seed"]) == (20, 9)


def test_a_preset_gives_the_values_that_the_config_leaves_open(config, tmp_path):
    succeed("train", config, "--preset", "lecture", "--out", tmp_path / "run")
    kept = kept_config(tmp_path / "run")
    assert (kept["model"]["nonlinearity"], kept["model"]["hidden"]) == ("tanh", 20)


@pytest.mark.parametrize("options", [[], ["--dev", "dev.conll"], ["--preset", "best"]])
def test_nothing_to_train_on_is_a_usage_error(options):
    result = invoke("train", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == (
        "Error: nothing to train on: expected a CONFIG, or --train FILE with labelled sentences"
    )


def test_labelled_text_in_the_place_of_a_config(config):
    text = config.parent / "train.conll"
    assert error_of("train", text).endswith(f"For a file of labelled sentences: windowner train --train {text}")
    assert "labelled sentences" not in error_of("train", "no.conll")


# Where nothing is learnt


def test_a_training_that_finds_nothing_says_so(config, tmp_path):
    options = ["--set", "train.learning_rate=1e-9", "--set", "train.fit_threshold=false"]
    dev = config.parent / "dev.conll"
    dev.write_text("Lagos B-LOC\nKofi B-PER\n")
    result = succeed("train", config, "--out", tmp_path / "run", *options)
    assert result.stderr.splitlines()[-1] == "nothing was learnt: the tagger finds no entity of dev"
    assert re.search(r"kept epoch \d of 2, the lowest loss on dev\n", result.stdout)


def test_dev_without_entities_measures_nothing(config, tmp_path):
    (config.parent / "dev.conll").write_text("bad O\nweather O\n")
    result = succeed("train", config, "--out", tmp_path / "run")
    assert result.stderr.splitlines()[-1].startswith("nothing was measured: dev holds no entity. Choose a dev file")


MISTAKES = {
    "no.conll: no such file": ["data.train=no.conll"],
    "no.txt: no such file; expected vectors.source to be a file": ["vectors.source=no.txt"],
    "bad.txt:2: found 1 number, expected 2": ["vectors.source=bad.txt"],
    "bad.conll:2: 1 column, expected 2": ["data.dev=bad.conll"],
    "empty.conll: every tag is O, expected at least one entity": ["data.train=empty.conll"],
    "one.conll: 1 sentence, expected at least 2 where there is no data.dev": ["data.train=one.conll", "data.dev="],
    "unknown key train.epoch: did you mean train.epochs?": ["train.epoch=3"],
    "--set epochs=3: expected section.key=value": ["epochs=3"],
    'vectors.mode = "frozen" without vectors.source': ["vectors.mode=frozen"],
}


@pytest.mark.parametrize("expected", MISTAKES)
def test_a_mistake_is_one_line_and_leaves_no_folder(config, tmp_path, monkeypatch, expected):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.txt").write_text("a 1 2\nb 1\n")
    (tmp_path / "bad.conll").write_text("a O\nb\n")
    (tmp_path / "empty.conll").write_text("a O\n\nb O\n")
    (tmp_path / "one.conll").write_text("a B-X\n")
    before = sorted(os.listdir(tmp_path))
    options = [part for override in MISTAKES[expected] for part in ("--set", override)]
    assert expected in error_of("train", config, *options)
    assert sorted(os.listdir(tmp_path)) == before


def test_a_mistake_in_a_config_is_all_that_is_said(config):
    result = invoke("train", config, "--set", "train.epochs=none")
    expected = "expected one of a number >= 1 and <= 1,000,000, 'auto', 'long', 'short'"
    line = f"error: {config} --set train.epochs=none: train.epochs = 'none': {expected}\n"
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", line)


def test_frozen_without_vectors(config):
    assert error_of("train", config, "--frozen").startswith('vectors.mode = "frozen" without vectors.source')


def test_training_that_goes_astray(config, tmp_path):
    options = ["--set", "train.optimizer=sgd", "--set", "train.learning_rate=1e30"]
    said = error_of("train", config, "--out", tmp_path / "run", *options)
    assert re.match(r"epoch 1, batch \d+ of 63: the loss is (nan|inf) at learning rate .*; expected a finite", said)
    assert not (tmp_path / "run").exists()


def interrupt_at(monkeypatch, epoch, number):
    """Send a signal to this process after a batch of an epoch, with a checkpoint after each epoch."""
    monkeypatch.setattr(checkpoint, "PAUSE", 0)
    monkeypatch.setattr(checkpoint, "LEAST", 0)
    begun = []
    monkeypatch.setattr(Progress, "epoch_begins", lambda self, epoch, *_: begun.append(epoch))
    monkeypatch.setattr(Progress, "batch_ends", lambda *_: begun == [*range(1, epoch + 1)] and raise_signal(number))


@pytest.mark.parametrize(("number", "status", "word"), [(SIGINT, 130, "interrupted"), (SIGTERM, 143, "terminated")])
def test_a_signal_keeps_the_checkpoint_and_says_how_to_go_on(config, tmp_path, monkeypatch, number, status, word):
    out, before = tmp_path / "run", getsignal(SIGTERM)
    with monkeypatch.context() as patch:
        interrupt_at(patch, 2, number)
        result = invoke("train", config, "--out", out, "--seed", "7")
    kept = tmp_path / ".run.work" / "checkpoint.safetensors"
    assert (result.exit_code, result.stdout, getsignal(SIGTERM)) == (status, "", before)
    assert result.stderr.splitlines()[-3:] == [
        f"the training so far is kept in {kept}. To go on with it:",
        f"windowner train {config} --out {out} --seed 7 --resume",
        word,
    ]
    assert "the training goes on after epoch 1\n" in succeed(*result.stderr.splitlines()[-2].split()[1:]).stderr
    succeed("train", config, "--out", tmp_path / "whole", "--seed", "7")
    assert (out / "model.safetensors").read_bytes() == (tmp_path / "whole" / "model.safetensors").read_bytes()


def test_an_interrupt_before_the_first_checkpoint_keeps_nothing(config, tmp_path, monkeypatch):
    interrupt_at(monkeypatch, 1, SIGINT)
    result = invoke("train", config, "--out", tmp_path / "run")
    assert result.exit_code == 130
    assert result.stderr.splitlines()[-2:] == [
        "interrupted before the first checkpoint: nothing is kept",
        "interrupted",
    ]
    assert not list(tmp_path.glob("*run*"))


def test_another_config_is_refused_in_one_line(config, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        interrupt_at(patch, 2, SIGINT)
        invoke("train", config, "--out", tmp_path / "run")
    said = error_of("train", config, "--out", tmp_path / "run", "--resume", "--seed", "5")
    assert "belongs to another training: train.seed: 0 there, 5 here. Expected the same config and data" in said


class Terminal:
    """Takes stderr's place and remembers what a person would have seen."""

    def __init__(self):
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch) -> Terminal:
    """What stderr is from the first epoch on."""
    terminal = Terminal()
    opened = Progress.epoch_begins

    def begin(self, epoch, epochs, windows):
        monkeypatch.setattr("sys.stderr", terminal)
        opened(self, epoch, epochs, windows)

    monkeypatch.setattr(Progress, "epoch_begins", begin)
    return terminal


def test_a_terminal_gets_a_bar_an_epoch_and_no_other_line(config, tmp_path, terminal):
    succeed("train", config, "--out", tmp_path / "run")
    last = [line.split("\r")[-1] for line in terminal.text.split("\n")]
    pattern = r"epoch \d/2 \|[█#]{20}\| 100%, loss \d\.\d{4}, [\d,]+ windows/s, dev F1 \d\d\.\d\d( \(best so far\))?"
    assert [bool(re.fullmatch(pattern, line)) for line in last] == [True, True, False]
    assert last[2] == ""


def test_an_error_on_a_terminal_stands_on_a_line_of_its_own(config, tmp_path, terminal):
    options = ["--set", "train.optimizer=sgd", "--set", "train.learning_rate=1e30"]
    invoke("train", config, "--out", tmp_path / "run", *options)
    assert "epoch 1/2 |" in terminal.text
    assert terminal.text.splitlines()[-1].removeprefix("\x1b[31m").startswith("error: epoch 1, batch ")


def test_the_command_is_a_wrapper_around_train(config, tmp_path, monkeypatch):
    """What the library trains and what the command trains is the same file."""
    succeed("train", config, "--out", tmp_path / "command", "--seed", "4", "--set", "train.epochs=1")
    kept = windowner.load_config(config, ["train.seed=4", "train.epochs=1"])
    windowner.runs.training.train(kept, tmp_path / "library")
    library, command = (tmp_path / name / "model.safetensors" for name in ("library", "command"))
    assert library.read_bytes() == command.read_bytes()


def test_the_command_that_goes_on_holds_no_login(tmp_path):
    begun = work_folder(tmp_path / "run")
    begun.mkdir()
    (begun / CHECKPOINT_NAME).touch()
    typed = ("train", "a.toml", "--init", "ftp://me:word@host/model")
    message = what_is_kept(tmp_path / "run", click.Context(command, obj=typed))
    assert message.endswith("windowner train a.toml --init ftp://host/model --resume")
