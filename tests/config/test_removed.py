"""Keys that are gone: harmless at their default, an error that names them at another value."""

import pytest

from windowner.config.checking import make_config
from windowner.config.config import SECTIONS
from windowner.config.loading import load_config
from windowner.config.removed import REMOVED, drop_removed
from windowner.errors import ConfigError

DATA = {"data": {"train": "t"}}
OTHER = {
    "vectors.tune_count": 2,
    "features.ngrams": 3,
    "features.ngram_lengths": [2],
    "features.ngram_buckets": 7,
    "features.sentence_casing": 4,
    "model.label_smoothing": 0.1,
    "train.average": 0.5,
}
"""A value of each key at which it had an effect."""

TRAINING = ["vectors.tune_count", "model.label_smoothing", "train.average"]
TAGGING = ["features.ngrams", "features.sentence_casing"]
DEPENDENT = ["features.ngram_lengths", "features.ngram_buckets"]


def sections(**values) -> dict:
    """Return sections with a few keys, `features.ngrams=3` and the like."""
    found: dict = {"data": {"train": "t"}}
    for key, value in values.items():
        section, _, name = key.partition(".")
        found.setdefault(section, {})[name] = value
    return found


def test_every_removed_key_is_tested_and_none_came_back():
    assert REMOVED.keys() == OTHER.keys() == {*TRAINING, *TAGGING, *DEPENDENT}
    for key in REMOVED:
        section, _, name = key.partition(".")
        assert name not in SECTIONS[section].__dataclass_fields__


@pytest.mark.parametrize("trained", [False, True])
@pytest.mark.parametrize("key", REMOVED)
def test_a_removed_key_at_its_default_is_dropped(key, trained):
    config = make_config(sections(**{key: REMOVED[key].default}), "c", trained=trained)
    assert config.as_dict() == make_config(DATA, "c").as_dict()


def test_all_of_them_together_as_the_last_release_wrote_them():
    config = make_config(sections(**{key: removed.default for key, removed in REMOVED.items()}), "c")
    assert config.as_dict() == make_config(DATA, "c").as_dict()


@pytest.mark.parametrize("key", [*TRAINING, *TAGGING])
def test_another_value_is_an_error_that_names_key_and_value(key):
    with pytest.raises(ConfigError) as error:
        make_config(sections(**{key: OTHER[key]}), "c.toml")
    assert str(error.value) == (
        f"c.toml: {key} = {OTHER[key]!r}: no longer supported; it gained nothing on the bundled corpora "
        "(docs/results.md). Remove the key"
    )


def test_all_of_them_are_named_at_once():
    with pytest.raises(ConfigError) as error:
        make_config(sections(**OTHER), "c.toml")
    assert all(f"{key} = {value!r}" in str(error.value) for key, value in OTHER.items())


@pytest.mark.parametrize("without", [{}, {"features.ngrams": 0}])
@pytest.mark.parametrize("trained", [False, True])
@pytest.mark.parametrize("key", DEPENDENT)
def test_options_of_ngrams_matter_with_ngrams_alone(key, trained, without):
    config = make_config(sections(**{key: OTHER[key], **without}), "c", trained=trained)
    assert config.as_dict() == make_config(DATA, "c").as_dict()
    with pytest.raises(ConfigError, match=rf"{key} = .*: no longer supported"):
        make_config(sections(**{key: OTHER[key], "features.ngrams": 3}), "c", trained=trained)


@pytest.mark.parametrize("key", TRAINING)
def test_a_trained_config_drops_what_mattered_for_training(key, tmp_path):
    assert make_config(sections(**{key: OTHER[key]}), "c", trained=True).as_dict() == make_config(DATA, "c").as_dict()
    section, _, name = key.partition(".")
    path = tmp_path / "config.toml"
    path.write_text(f'[data]\ntrain = "t"\n[{section}]\n{name} = {OTHER[key]}\n', encoding="utf-8")
    assert load_config(path, trained=True).as_dict() == make_config(DATA, "c").as_dict()
    with pytest.raises(ConfigError, match=key):
        load_config(path)


@pytest.mark.parametrize("key", TAGGING)
def test_a_trained_config_that_needs_a_removed_feature_is_an_error(key):
    with pytest.raises(ConfigError) as error:
        make_config(sections(**{key: OTHER[key]}), "its config", trained=True)
    assert str(error.value).startswith(f"its config: {key} = {OTHER[key]}: no longer supported; ")
    assert str(error.value).endswith("Train again without it, or use the release that trained it")


def test_the_given_sections_stay_as_they_were():
    given = sections(**OTHER)
    kept, needed = drop_removed(given)
    assert given == sections(**OTHER)
    assert len(needed) == len(OTHER)
    assert all(name not in kept[key.partition(".")[0]] for key in OTHER for name in [key.partition(".")[2]])


@pytest.mark.parametrize("odd", [{"features": 3}, {"features": None}, {"vectors": ["tune_count"]}, {}])
def test_what_is_no_section_is_left_to_who_checks_the_config(odd):
    assert drop_removed(odd) == (odd, [])
