"""The training text decides how many networks are trained, and how large they are; but what the config says is done."""

import pytest
from preparing import prepared

from windowner.network.settings import LARGE
from windowner.training.settings import TrainSettings


@pytest.mark.parametrize(("large", "hidden", "networks"), [(22, 300, 1), (23, 150, 2)])
def test_a_large_text_trains_one_wide_network_and_a_small_one_two(tiny_config, monkeypatch, large, hidden, networks):
    """The text has 22 words. Either way the folded network has 300 hidden units."""
    monkeypatch.setattr("windowner.network.settings.LARGE", large)
    monkeypatch.setattr("windowner.training.settings.LARGE", large)
    found, notes = prepared(tiny_config, "model.hidden=auto", "train.ensemble=auto")
    assert found.corpora["train"].token_count == 22
    assert [len(network.b1) for network in found.members] == [hidden] * networks
    assert f'model.hidden = "auto": {hidden} (22 training words)' in notes
    assert f'train.ensemble = "auto": {networks} (22 training words)' in notes
    config = found.model.config
    assert (config.model.hidden, config.train.ensemble) == (hidden, networks)


def test_numbers_are_kept_and_not_reported(tiny_config):
    found, notes = prepared(tiny_config, "model.hidden=7", "train.ensemble=3")
    assert [len(network.b1) for network in found.members] == [7] * 3
    assert "auto" not in notes


def test_best_leaves_both_to_the_text(tiny_config):
    """`tiny_config` names a number of hidden units, which stands above the preset's."""
    found, notes = prepared(tiny_config, "preset=best")
    assert 'train.ensemble = "auto": 2' in notes
    assert [len(network.b1) for network in found.members] == [12, 12]


def test_the_rule_is_monotone():
    """More words never give more networks, nor more passes."""
    sizes = [1, 6_000, 30_000, LARGE - 1, LARGE, 10 * LARGE]
    settings = TrainSettings(ensemble="auto", epochs="long")
    assert [settings.networks(words) for words in sizes] == [2, 2, 2, 2, 1, 1]
    assert [settings.passes(words) for words in sizes] == [100, 100, 25, 25, 25, 25]
