"""Names of files that cannot be opened: every reader says so in one line, as its own error."""

from pathlib import Path

import pytest

from windowner.config.loading import config_without_file, load_config
from windowner.errors import WindownerError
from windowner.experiments.experiment import load_experiment
from windowner.experiments.held_out import read_held_out, read_held_out_lines
from windowner.experiments.manifest import claim
from windowner.experiments.manifest_file import kept_folds
from windowner.formats.opening import open_input
from windowner.formats.reading import read_corpus
from windowner.formats.recognition import format_of_file
from windowner.inputs.gazetteer import read_gazetteer_file
from windowner.labels.decisions import read_decisions
from windowner.runs.folder import read_run
from windowner.runs.stated import NOTHING, stated_of
from windowner.scoring.files import score_files
from windowner.tagger.rules.rules import Rules
from windowner.tagger.tagger import Tagger
from windowner.tagging.finding import find_shards
from windowner.vectors.foreign import read_foreign
from windowner.vectors.loading import load_vectors

LONG = "a" * 300
NAMES = {
    "missing": "none",
    "too long": LONG,
    "in a folder whose name is too long": f"{LONG}/x",
    "in a file": "file/x",
    "a link to itself": "loop",
    "a folder": ".",
    "of a user whom nobody knows": "~nobody-knows/x",
}
READERS = {
    "open_input": open_input,
    "read_corpus": read_corpus,
    "read_corpus, brat": lambda name: read_corpus(name, format="brat"),
    "format_of_file": format_of_file,
    "score_files": lambda name: score_files(name, name),
    "find_shards": lambda name: find_shards(name, Path("out")),
    "load_vectors": lambda name: load_vectors(name, directory=Path()),
    "read_foreign": read_foreign,
    "read_foreign, JSON": lambda name: read_foreign(f"{name}.json"),
    "read_gazetteer_file": lambda name: read_gazetteer_file(Path(name)),
    "Rules.read": Rules.read,
    "load_config": load_config,
    "load_experiment": load_experiment,
    "Tagger.load": Tagger.load,
    "Tagger.load, a run": lambda name: Tagger.load(f"{name}/model.safetensors"),
    "read_run": read_run,
    "read_held_out": lambda name: read_held_out(Path(name)),
    "read_held_out_lines": lambda name: read_held_out_lines(Path(name)),
    "read_decisions": lambda name: read_decisions(Path(name)),
}


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("Ana\tB-PER\n")
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reader", READERS)
def test_a_name_that_cannot_be_opened_is_one_error(reader, name):
    with pytest.raises(WindownerError) as caught:
        READERS[reader](NAMES[name])
    said = str(caught.value)
    assert len(said.splitlines()) == 1
    assert NAMES[name].removesuffix("/x") in said


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("missing", "a folder")])
def test_an_experiment_is_in_no_such_folder(name):
    folder = Path(NAMES[name])
    assert kept_folds(folder) is None
    assert stated_of(folder / "a.txt") == NOTHING
    if not name.startswith("of a user"):  # without a shell, such a name is as good as any
        with pytest.raises(WindownerError, match=r"cannot be written: .*; expected a new folder: --out$"):
            claim(folder, {})


def test_a_path_of_an_unknown_user_stays_as_it_is():
    config = config_without_file({"data.train": "~nobody-knows/a"}, ["vectors.source=~nobody-knows/b"])
    assert config.data.train.endswith("/~nobody-knows/a")
    assert config.vectors.source.endswith("/~nobody-knows/b")
