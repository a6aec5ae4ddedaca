import pytest

from windowner.inputs.features import KINDS, POSITIONS, Feature, capitals, feature_values, shape, sized_features
from windowner.inputs.settings import FeaturesSettings

ALL = {feature.name for feature in sized_features(FeaturesSettings())}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("paris", "lower"),
        ("3rd", "lower"),
        ("Paris", "title"),
        ("Éire", "title"),
        ("Жуков", "title"),
        ("UN", "upper"),
        ("U.S.", "upper"),
        ("A", "letter"),  # one capital is neither an acronym nor a name
        ("McDonald", "mixed"),
        ("iPhone", "mixed"),
        ("O'Brien", "mixed"),
        ("1984", "digits"),
        ("٣", "digits"),
        (",", "other"),
        ("10.5", "other"),
        ("日本", "other"),  # a script without case
        ("", "other"),
    ],
)
def test_each_capitalisation_class(form, expected):
    assert capitals(form) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("GloVe-6B", "XxXx-dX"),
        ("paris", "x"),
        ("1,000,000", "d,d,d"),
        ("...", "."),
        ("日本", "x"),
        ("a1b2c3d4e5", "xdxdxdxd"),  # eight kinds and no more, so that the values stay few
        ("", ""),
    ],
)
def test_the_shape_collapses_repeats(form, expected):
    assert shape(form) == expected


def test_affixes_of_a_form_shorter_than_they_are_the_whole_form():
    settings = FeaturesSettings(capitals=0, shape=0, prefixes=(2, 5), suffixes=(1, 3))
    values = {feature.name: feature.value for feature in sized_features(settings)}
    assert {name: value("Rome") for name, value in values.items()} == {
        "prefix2": "Ro",
        "prefix5": "Rome",
        "suffix1": "e",
        "suffix3": "ome",
    }
    assert [value("I") for value in values.values()] == ["I"] * 4


def test_features_stand_in_a_fixed_order_with_their_sizes():
    settings = FeaturesSettings(capitals=3, shape=4, affix_size=5, prefixes=(3,), suffixes=(2, 1), gazetteer_size=6)
    features = sized_features(settings, ["LOC"])
    assert [(feature.name, size) for feature, size in features.items()] == [
        ("capitals", 3),
        ("shape", 4),
        ("prefix3", 5),
        ("suffix2", 5),
        ("suffix1", 5),
        ("gazetteer.LOC", 6),
    ]


PREFIXES, SUFFIXES = ([f"{affix}{n}" for n in (2, 3)] for affix in ("prefix", "suffix"))


@pytest.mark.parametrize(
    ("off", "gone"),
    [
        ({"capitals": 0}, {"capitals"}),
        ({"shape": 0}, {"shape"}),
        ({"prefixes": ()}, set(PREFIXES)),
        ({"suffixes": ()}, set(SUFFIXES)),
        ({"affix_size": 0}, {*PREFIXES, *SUFFIXES}),
        ({"capitals": 0, "shape": 0, "affix_size": 0}, ALL),
    ],
)
def test_any_feature_can_be_switched_off(off, gone):
    assert {feature.name for feature in sized_features(FeaturesSettings(**off))} == ALL - gone


def test_a_length_given_twice_is_one_feature():
    """Two features of one name would share a table, but have two columns of F."""
    features = sized_features(FeaturesSettings(prefixes=(2, 2), suffixes=(3, 1, 3)))
    assert [feature.name for feature in features] == ["capitals", "shape", "prefix2", "suffix3", "suffix1"]


def test_a_value_needs_enough_distinct_forms():
    first = Feature("prefix", "1")
    forms = ["bee", "ant", "bat", "cow", "ape"]
    assert feature_values(first, forms, min_count=1) == ["a", "b", "c"]
    assert feature_values(first, forms, min_count=2) == ["a", "b"]
    assert feature_values(first, forms, min_count=3) == []


def test_a_gazetteer_feature_has_every_position_whatever_training_holds():
    assert feature_values(Feature("gazetteer", "LOC"), [], min_count=3) == POSITIONS


@pytest.mark.parametrize(
    ("matches", "position"),
    [("B-LOC", "B"), ("E-ORG,S-LOC", "S"), ("B-ORG", "none"), ("I-LOCAL", "none"), ("", "none")],
)
def test_a_gazetteer_feature_reads_its_own_type_from_the_matches(matches, position):
    assert Feature("gazetteer", "LOC").value(matches) == position


@pytest.mark.parametrize("kind", KINDS)
def test_only_gazetteers_read_matches(kind):
    assert Feature(kind, "1").reads_matches == (kind == "gazetteer")
