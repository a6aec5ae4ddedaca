"""The lookup tables of a config's network: which there are, and that each network of an ensemble has its own."""

from itertools import combinations

import numpy as np
import pytest
from preparing import prepared

from windowner.config.loading import load_config
from windowner.errors import DataError
from windowner.formats.reading import read_corpus
from windowner.runs.tables import read_gazetteer, training_names
from windowner.training.trainer import Trainer


def test_words_only_is_the_lectures_network(path):
    off = ["features.capitals=0", "features.shape=0", "features.affix_size=0"]
    ready, _ = prepared(path, *off)
    assert [table.name for table in ready.model.network.tables] == ["words"]
    assert ready.model.network.W.shape == (50, 5, 20)


def test_a_length_given_twice_is_one_feature(path):
    ready, _ = prepared(path, "features.prefixes=[2, 2]")
    names = [table.name for table in ready.model.network.tables]
    assert names == ["words", "capitals", "shape", "prefix2", "suffix2", "suffix3"]
    assert ready.training.F.shape[1] == len(names)


def test_names_of_the_training_data_are_those_it_holds_twice_or_more(tmp_path):
    """An entity that stands once would be matched because of itself alone."""
    path = tmp_path / "train.conll"
    path.write_text("New B-LOC\nYork I-LOC\n\nRome B-LOC\nOslo B-LOC\n\nin O\nNew B-LOC\nYork I-LOC\nRome B-PER\n")
    train = read_corpus(path)
    assert training_names(train, 2) == [(("New", "York"), "LOC")]
    assert sorted(training_names(train, 1)) == [
        (("New", "York"), "LOC"),
        (("Oslo",), "LOC"),
        (("Rome",), "LOC"),
        (("Rome",), "PER"),
    ]


def test_names_that_a_model_file_cannot_hold_are_left_out_or_refused(tmp_path):
    path = tmp_path / "train.conll"
    path.write_text("New York\tB-LOC\nRome\tB-LOC\n")
    assert training_names(read_corpus(path), 1) == [(("Rome",), "LOC")]
    path.write_text("Rome\tB-LOC,PER\n")
    (tmp_path / "config.toml").write_text(f'data.train = "{path}"\nfeatures.gazetteer_train = 1\n')
    config = load_config(tmp_path / "config.toml")
    with pytest.raises(
        DataError, match=r"train.conll: names of the type 'LOC,PER', expected a type without tab, comma"
    ):
        read_gazetteer(config, read_corpus(path))


@pytest.mark.parametrize("mode", ["frozen", "fine-tuned"])
def test_the_networks_of_an_ensemble_share_no_memory(path, mode):
    """Further vectors start with the same rows; all else is drawn for each network."""
    source = f"{path.parent}/vectors.txt"
    more = f'vectors.more=[{{source="{source}", mode="{mode}"}}]'
    ready, _ = prepared(path, "train.ensemble=3", f"vectors.source={source}", more, "features.gazetteer_train=2")
    assert ready.members[0] is ready.model.network
    for network, other in combinations(ready.members, 2):
        assert network.parameters.keys() == other.parameters.keys()
        for name, array in network.parameters.items():
            assert not np.shares_memory(array, other.parameters[name]), name
        np.testing.assert_array_equal(network.parameters["E.words2"], other.parameters["E.words2"])
        assert (network.parameters["E.capitals"] != other.parameters["E.capitals"]).any()


def test_training_one_network_of_an_ensemble_leaves_the_others_as_they_were(path):
    more = f'vectors.more=[{{source="{path.parent}/vectors.txt", mode="fine-tuned"}}]'
    ready, _ = prepared(path, "train.ensemble=2", more)
    first, second = ({name: p.copy() for name, p in member.parameters.items()} for member in ready.members)
    Trainer(ready.members[0], ready.training, ready.model.config.train, ready.rng).train_epoch(1)
    assert all((array != first[name]).any() for name, array in ready.members[0].parameters.items())
    for name, array in ready.members[1].parameters.items():
        np.testing.assert_array_equal(array, second[name], err_msg=name)
