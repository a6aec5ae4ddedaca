"""A first config: every line is valid, loads, and says what was found."""

import tomllib

import pytest
from synthetic import write_corpus

import windowner.runs.draft
from windowner.config.loading import load_config
from windowner.errors import DataError
from windowner.runs.draft import draft_config


@pytest.fixture
def files(tmp_path):
    """Train, dev and test in a folder."""
    return [write_corpus(tmp_path / f"{name}.conll", seed, 30) for seed, name in enumerate(["train", "dev", "test"])]


@pytest.fixture
def share(monkeypatch):
    """Say what GloVe has."""

    def choose(share):
        monkeypatch.setattr(windowner.runs.draft, "is_installed", lambda: share is not None)
        monkeypatch.setattr(windowner.runs.draft, "glove_share", lambda corpus: share)

    return choose


def drafted(files, folder):
    """Write the config, load it, and return it with its comments."""
    text = draft_config(files, folder / "mine.toml")
    assert all(len(line) <= 120 or line.startswith("#") for line in text.splitlines())
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return load_config(folder / "mine.toml"), [line for line in text.splitlines() if line.startswith("#")]


@pytest.mark.parametrize("known", [None, 0.5, 0.97])
def test_it_loads_whatever_was_found(files, tmp_path, share, known):
    share(known)
    config, comments = drafted(files, tmp_path)
    assert (config.data.train, config.data.dev, config.data.test) == ("train.conll", "dev.conll", "test.conll")
    assert (config.data.token_column, config.data.tag_column) == (0, -1)
    assert all(config.path(path).exists() for path in (config.data.train, config.data.dev, config.data.test))
    assert any(line.startswith("# train: 30 sentences, ") for line in comments)
    assert any("IOB2 tags" in line and "(LOC " in line and ", PER " in line for line in comments)


@pytest.mark.parametrize(
    ("known", "source", "reason"),
    [
        (None, "", 'is not installed: pip install "windowner[glove]"'),
        (0.79, "", "has only 79% of the words of train.conll: it comes from English text"),
        (0.8, "glove-6b-50d", "is installed, and has 80% of the words of train.conll"),
    ],
)
def test_vectors_are_chosen_and_the_reason_is_said(files, tmp_path, share, known, source, reason):
    share(known)
    config, comments = drafted(files, tmp_path)
    assert config.vectors.source == source
    assert config.features.characters == (0 if source else "auto")
    assert config.train.feature_rate == (0.3 if source else 1.0)
    assert config.features.prefixes == ((2, 3) if source else (1, 2, 3, 4))
    assert any(reason in line for line in comments)


def test_its_values_are_the_defaults(files, tmp_path, share):
    """A draft changes nothing besides files and vectors."""
    share(0.97)
    config, _ = drafted(files, tmp_path)
    (tmp_path / "plain.toml").write_text('[data]\ntrain = "a"\n[vectors]\nsource = "glove-6b-50d"\n')
    plain = load_config(tmp_path / "plain.toml")
    for section in ("vectors", "features", "model", "train"):
        assert getattr(config, section) == getattr(plain, section)


def test_without_dev_it_says_what_happens(files, tmp_path, share):
    share(None)
    config, comments = drafted(files[:1], tmp_path)
    assert (config.data.dev, config.data.test) == ("", "")
    assert any(line.startswith("# No dev file: about a tenth") for line in comments)


def test_columns_are_found(tmp_path, share):
    share(None)
    path = tmp_path / "a.txt"
    path.write_text("B-PER\tAna\t1\nO\tsings\t2\n")
    config, _ = drafted([path], tmp_path)
    assert (config.data.token_column, config.data.tag_column) == (1, 0)


def test_what_dev_cannot_measure_is_said(files, tmp_path, share):
    share(None)
    files[1].write_text("Year B-TIME\n")
    _, comments = drafted(files, tmp_path)
    assert any(line.startswith("# Dev holds entities of types that train lacks: TIME.") for line in comments)


def test_names_of_files_and_types_may_be_odd(tmp_path, share):
    share(None)
    path = tmp_path / 'train "a"\\b #.conll'
    path.write_text("Ana\tB-P\x1bER\u2028\nsings\tO\n", encoding="utf-8")
    config, comments = drafted([path], tmp_path)
    assert config.path(config.data.train) == path
    assert any("(P\\x1bER\\u2028 1)" in line for line in comments)


def test_paths_outside_of_the_configs_folder_are_absolute(files, tmp_path, share):
    share(None)
    (tmp_path / "sub").mkdir()
    config, _ = drafted(files, tmp_path / "sub")
    assert config.data.train == str(files[0])


def test_nothing_to_learn_is_refused(tmp_path):
    path = tmp_path / "a.conll"
    path.write_text("Ana O\n")
    with pytest.raises(DataError, match="every tag is O, expected at least one entity to learn from"):
        draft_config([path], tmp_path / "mine.toml")


def test_json_lines_have_no_columns(tmp_path, share):
    share(None)
    path = tmp_path / "a.jsonl"
    path.write_text('{"tokens": ["Ana"], "tags": ["B-PER"]}\n')
    assert "token_column" not in tomllib.loads(draft_config([path], tmp_path / "mine.toml"))["data"]
