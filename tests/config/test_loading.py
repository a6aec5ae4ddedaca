"""Configs: what is read, what it is relative to, and what the error of every mistake says."""

import json
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.config.checking import make_config
from windowner.config.config import SECTIONS, Config
from windowner.config.loading import load_config
from windowner.errors import ConfigError

CONFIGS = Path(__file__).parents[2] / "configs"


def write(folder: Path, text: str = '[data]\ntrain = "x/train.conll"\n', name: str = "c.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def message(*args, **kwargs) -> str:
    with pytest.raises(ConfigError) as error:
        load_config(*args, **kwargs)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_every_key_is_spelled_out(tmp_path):
    """Also those that the file leaves out, so that a run can be repeated when defaults have changed."""
    written = load_config(write(tmp_path)).as_dict()
    assert {name: list(values) for name, values in written.items()} == {
        name: [key.name for key in fields(section)] for name, section in SECTIONS.items()
    }


def test_values_are_read(tmp_path):
    text = '[data]\ntrain = "t"\ntag_column = 1\n[vectors]\nkeep = "all"\n[features]\nprefixes = [4]\n'
    text += "[train]\nl2 = 1\nepochs = 7\n"
    config = load_config(write(tmp_path, text))
    assert (config.data.tag_column, config.vectors.keep, config.features.prefixes) == (1, "all", (4,))
    assert (config.train.l2, config.train.epochs, config.name) == (1.0, 7, "c")


def test_byte_order_marks(tmp_path):
    """Some editors of Windows write the one of UTF-8. Other encodings are no TOML."""
    path = tmp_path / "c.toml"
    path.write_bytes(b"\xef\xbb\xbf[data]\ntrain = 'a'\n")
    assert load_config(path).data.train == "a"
    path.write_bytes(b"\xff\xfe[data]")
    assert message(path).startswith(f"{path}: not valid TOML: ")


def test_paths_are_relative_to_the_config(tmp_path, monkeypatch):
    (tmp_path / "configs").mkdir()
    write(tmp_path / "configs", '[data]\ntrain = "../d/train.conll"\ndev = "/abs/dev.conll"\n')
    monkeypatch.chdir(tmp_path)
    config = load_config("configs/c.toml")
    assert config.path(config.data.train) == Path("d/train.conll")
    assert config.path(config.data.dev) == Path("/abs/dev.conll")


def test_paths_on_the_command_line_are_relative_to_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / "configs").mkdir()
    (tmp_path / "here").mkdir()
    path = write(tmp_path / "configs")
    monkeypatch.chdir(tmp_path / "here")
    lists = ['vectors.more=[{source="w.txt"}, {source="glove-6b-50d"}]', 'features.gazetteers=["g.txt", "/h.txt"]']
    config = load_config(path, ["data.dev=d.conll", "vectors.source=v.txt", "data.test=", *lists])
    assert config.path(config.data.dev) == tmp_path / "here" / "d.conll"
    assert config.path(config.vectors.source) == tmp_path / "here" / "v.txt"
    assert config.data.test == ""
    more = [each.source for each in config.vectors.more]
    assert [config.path(more[0]), more[1]] == [tmp_path / "here" / "w.txt", "glove-6b-50d"]
    assert list(map(config.path, config.features.gazetteers)) == [tmp_path / "here" / "g.txt", Path("/h.txt")]
    assert load_config(path, ["vectors.source=glove-6b-50d"]).vectors.source == "glove-6b-50d"


def test_further_vectors_have_paths_and_modes_of_their_own(tmp_path):
    text = (
        '[data]\ntrain = "t"\n[vectors]\nmore = [{source = "own.vec", mode = "fine-tuned"}, {source = "glove-6b-50d"}]'
    )
    path = write(tmp_path, text)
    more = load_config(path).with_absolute_paths().vectors.more
    assert [(each.source, each.mode) for each in more] == [
        (str(tmp_path / "own.vec"), "fine-tuned"),
        ("glove-6b-50d", "frozen"),
    ]
    load_config(path).write(tmp_path / "written.toml")
    assert load_config(tmp_path / "written.toml").vectors.more == more
    assert "'mode': 'thawed'}]: " in message(path, ['vectors.more=[{source="x", mode="thawed"}]'])
    assert message(path, ['vectors.more=[{mode="frozen"}]']).endswith(
        "vectors.more = [{'mode': 'frozen'}]: object missing required field `source`"
    )


def test_a_tilde_is_the_home_directory(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    config = load_config(write(tmp_path, '[data]\ntrain = "t"\n[vectors]\nsource = "~/glove.txt"\n'))
    assert config.with_absolute_paths().vectors.source == "/home/someone/glove.txt"


def test_what_is_written_is_read_again(tmp_path, monkeypatch):
    """Into another folder, and from another working directory."""
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path)
    config = load_config(
        write(tmp_path, '[data]\ntrain = "t ü\\".conll"\n[vectors]\nkeep = "all"\n').name, ["train.seed=7"]
    )
    config.write(Path("run/config.toml"))
    monkeypatch.chdir("/")
    again = load_config(tmp_path / "run" / "config.toml")
    assert again.data.train == str(tmp_path / 't ü".conll')
    assert again.as_dict() == config.as_dict() | {"data": again.as_dict()["data"]}
    again.write(tmp_path / "run" / "again.toml")
    assert (tmp_path / "run" / "again.toml").read_bytes() == (tmp_path / "run" / "config.toml").read_bytes()


def test_a_config_survives_json(tmp_path):
    config = load_config(write(tmp_path))
    assert make_config(json.loads(json.dumps(config.as_dict())), "it").as_dict() == config.as_dict()


def test_named_sources_and_empty_paths_stay(tmp_path):
    config = load_config(write(tmp_path), ["vectors.source=glove-6b-50d"]).with_absolute_paths()
    assert (config.vectors.source, config.data.dev) == ("glove-6b-50d", "")


@pytest.mark.parametrize(
    ("override", "value"),
    [
        ("train.epochs=3", 3),
        ("train.epochs = 3 ", 3),
        ("vectors.keep=all", "all"),
        ('vectors.keep="all"', "all"),
        ("train.learning_rate=1e-3", 0.001),
        ("features.suffixes=[]", ()),
        ("features.suffixes=[1, 4]", (1, 4)),
    ],
)
def test_overrides_are_toml_or_a_bare_string(tmp_path, override, value):
    section, key = override.partition("=")[0].strip().split(".")
    assert getattr(getattr(load_config(write(tmp_path), [override]), section), key) == value


def test_the_last_override_wins_and_a_section_may_be_new(tmp_path):
    assert load_config(write(tmp_path), ["train.epochs=3", "train.epochs=4"]).train.epochs == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[data\n", "not valid TOML: Expected ']'"),
        ("", "[data]: Object missing required field `train`"),
        ("data = 3\n", "data = 3: expected a section, [data]"),
        ("[[data]]\ntrain = 't'\n", "data = [{'train': 't'}]: expected a section, [data]"),
        ("[trian]\n", "unknown section trian: did you mean train?"),
        ("[qqq]\n", "unknown section qqq: expected one of data, vectors, features, model, train"),
        ("epochs = 3\n", "unknown section epochs: expected one of"),
        ("[train]\nepoch = 3\n", "unknown key train.epoch: did you mean train.epochs?"),
        ("[model]\nqqq = 3\n", "unknown key model.qqq: expected one of radius, hidden, nonlinearity"),
        (
            "[train]\nepochs = 'x'\n",
            "train.epochs = 'x': expected one of a number >= 1 and <= 1,000,000, 'auto', 'long'",
        ),
        ("[model]\nstretch = 'x'\n", "model.stretch = 'x': expected `int`, got `str`"),
        ("[model]\nstretch = 3.5\n", "model.stretch = 3.5: expected `int`, got `float`"),
        ("[model]\nstretch = true\n", "model.stretch = True: expected `int`, got `bool`"),
        ("[model]\nstretch = 0\n", "model.stretch = 0: expected `int` >= 1"),
        ("[train]\nseed = -1\n", "train.seed = -1: expected `int` >= 0"),
        ("[train]\nl2 = nan\n", "train.l2 = nan: expected `float` >= 0.0"),
        ("[train]\ndropout_hidden = 1.0\n", "train.dropout_hidden = 1.0: expected `float` < 1.0"),
        ("[train]\nlearning_rate = 0\n", "train.learning_rate = 0: expected `float` > 0.0"),
        ("[train]\noptimizer = 'adamm'\n", "train.optimizer = 'adamm': expected one of 'adagrad', 'adam', '"),
        ("[data]\nscheme = 'iob'\n", "data.scheme = 'iob': expected one of 'BILOU', 'BIOES', 'IO', 'IOB1', 'IOB2'"),
        ("[data]\ntrain = ''\n", "data.train = '': expected `str` of length >= 1"),
        ("[data]\ntrain = 3\n", "data.train = 3: expected `str`, got `int`"),
        ("[vectors]\nkeep = -1\n", "vectors.keep = -1: expected one of a number >= 0, 'all'"),
        ("[vectors]\nkeep = 'some'\n", "vectors.keep = 'some': expected one of a number >= 0, 'all'"),
        ("[features]\nprefixes = 3\n", "features.prefixes = 3: expected `array`, got `int`"),
        ("[features]\nprefixes = [2, 'x']\n", "features.prefixes = [2, 'x']: expected `int`, got `str`"),
        ("[features]\nprefixes = [11]\n", "features.prefixes = [11]: expected `int` <= 10"),
        ("[data]\ntoken_column = -1\n", "data.token_column and data.tag_column are both -1: expected two columns"),
    ],
)
def test_mistakes_say_file_key_value_and_what_was_expected(tmp_path, text, expected):
    if "[data]\n" in text:
        text = text if "train = " in text else text + "train = 't'\n"
    elif "data" not in text and text:
        text += "[data]\ntrain = 't'\n"
    path = write(tmp_path, text)
    assert message(path).startswith(f"{path}: {expected}")


def test_a_file_that_is_none(tmp_path):
    assert message(tmp_path / "no.toml") == f"{tmp_path / 'no.toml'}: no such file; expected a config in TOML"
    assert message(tmp_path) == f"{tmp_path}: cannot be read: Is a directory"


@pytest.mark.parametrize("override", ["train.epochs", "epochs=3", "train", "", "=", "train=3", "train=a.b"])
def test_an_override_needs_a_dot_and_an_equals_sign(tmp_path, override):
    expected = f"--set {override}: expected section.key=value, such as train.epochs=3"
    assert message(write(tmp_path), [override]) == expected


def test_a_bad_override_is_shown_as_it_was_given(tmp_path):
    """The file has no such value, so the file alone would send the user to the wrong place."""
    path = write(tmp_path)
    assert message(path, ["model.stretch=0"]) == f"{path} --set model.stretch=0: model.stretch = 0: expected `int` >= 1"
    assert message(path, ["train.a.b=0"]).endswith(
        "unknown key train.a.b: expected one of " + ", ".join(key.name for key in fields(SECTIONS["train"]))
    )


@given(st.lists(st.one_of(st.text(), st.from_regex(r"(train|model|data)\.[a-z_]+=.*")), max_size=3))
def test_no_override_is_anything_but_a_config_error(overrides):
    try:
        assert isinstance(load_config(CONFIGS / "wikigold.toml", overrides), Config)
    except ConfigError:
        pass


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda path: path.stem)
def test_bundled_configs_load(path):
    config = load_config(path)
    assert config.name == path.stem
    assert set(tomllib.loads(path.read_text(encoding="utf-8"))) <= {*SECTIONS, "preset"}
    if not config.data.obtain:
        assert all(
            config.path(value).is_file() for value in (config.data.train, config.data.dev, config.data.test) if value
        )


def test_the_reference_page_is_what_the_settings_say():
    docs = CONFIGS.with_name("docs")
    made = subprocess.run(
        [sys.executable, "-m", "docs.config_reference"], capture_output=True, check=True, cwd=CONFIGS.parent
    ).stdout.decode()
    assert made == (docs / "config.md").read_text(encoding="utf-8"), "run `make docs`"
    assert all(f"`{name}`" in made for section in SECTIONS.values() for name in (key.name for key in fields(section)))


# The config of a finished run

RUN = """\
[data]
train = "t"
scheme = "IO"
shuffle = true
fraction = 7

[vectors]
mode = "thawed"
quantize = 8
more = [{ source = "v.txt" }]
keep = "all"

[model]
hidden = 7
initializer = "zeros"

[features]
min_count = 0
shape = 3

[train]
optimizer = "adam2"
lookahead = 5
epochs = 3
"""


def test_what_matters_for_training_alone_is_left_out_where_it_is_not_known(tmp_path):
    """And kept where it is."""
    config = load_config(write(tmp_path, RUN), trained=True)
    default = load_config(write(tmp_path))
    assert (config.data.train, config.data.scheme, config.data.fraction) == ("t", "IO", default.data.fraction)
    assert (config.vectors.mode, config.vectors.keep) == (default.vectors.mode, "all")
    assert [each.source for each in config.vectors.more] == ["v.txt"]
    assert (config.model.hidden, config.model.initializer) == (7, default.model.initializer)
    assert (config.features.min_count, config.features.shape) == (default.features.min_count, 3)
    assert (config.train.optimizer, config.train.epochs) == (default.train.optimizer, 3)
    with pytest.raises(ConfigError):
        load_config(write(tmp_path, RUN))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('scheme = "IO"', 'scheme = "IO3"', "data.scheme = 'IO3': expected one of "),
        ("hidden = 7", "depth = 7", "unknown key model.depth: "),
        ("hidden = 7", "hidden = 0", "model.hidden = 0: expected one of a number >= 1, 'auto'"),
        ("shape = 3", "stem = 3", "unknown key features.stem: "),
        ("[features]", "[feature]", "unknown section feature: did you mean features?"),
        ('{ source = "v.txt" }', "3", "vectors.more = [3]: "),
        ("shape = 3", "ngrams = 3", "features.ngrams = 3: no longer supported; "),
    ],
)
def test_what_matters_for_tagging_is_checked_in_a_finished_run_too(tmp_path, old, new, expected):
    assert old in RUN
    path = write(tmp_path, RUN.replace(old, new))
    assert message(path, trained=True).startswith(f"{path}: {expected}")


def test_a_config_of_gigabytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("windowner.config.toml_file.LARGEST_CONFIG", 10)
    path = tmp_path / "c.toml"
    path.write_text("# 3456789\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="train"):
        load_config(path)
    path.write_text("# 34567890\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"c\.toml: more than 10 bytes; expected a config in TOML$"):
        load_config(path)
