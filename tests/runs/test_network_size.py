"""The training text decides how many networks are trained, and how large they are; but what the config says is done."""

import pytest
from preparing import prepared

from windowner.network.settings import LARGE
from windowner.training.settings import TrainSettings

AUTO = ("model.hidden=auto", "train.ensemble=auto", "train.batch=auto")


@pytest.mark.parametrize(("large", "hidden", "networks", "batch"), [(22, 300, 1, 256), (23, 150, 2, 128)])
def test_a_large_text_trains_one_wide_network_and_a_small_one_two(
    tiny_config, monkeypatch, large, hidden, networks, batch
):
    """The text has 22 words. Either way the folded network has 300 hidden units."""
    monkeypatch.setattr("windowner.network.settings.LARGE", large)
    monkeypatch.setattr("windowner.training.settings.LARGE", large)
    found, notes = prepared(tiny_config, *AUTO)
    assert found.corpora["train"].token_count == 22
    assert [len(network.b1) for network in found.members] == [hidden] * networks
    sizes = f"model.hidden = {hidden}, train.ensemble = {networks}, train.batch = {batch}"
    assert f'"auto" with 22 training words: {sizes}\n' in notes
    config = found.model.config
    assert (config.model.hidden, config.train.ensemble, config.train.batch) == (hidden, networks, batch)


def test_numbers_are_kept_and_not_reported(tiny_config):
    found, notes = prepared(tiny_config, "model.hidden=7", "train.ensemble=3")
    assert [len(network.b1) for network in found.members] == [7] * 3
    assert found.model.config.train.batch == 8
    assert "auto" not in notes


def test_best_leaves_them_to_the_text(tiny_config):
    """`tiny_config` names hidden units and a batch, which stand above the preset's."""
    found, notes = prepared(tiny_config, "preset=best")
    assert "training words: train.ensemble = 2\n" in notes
    assert [len(network.b1) for network in found.members] == [12, 12]


def test_the_rule_is_monotone():
    """More words give no more networks and no smaller batches, and are trained for more words in all."""
    sizes = [1, 6_000, 30_000, LARGE - 1, LARGE, 10 * LARGE]
    settings = TrainSettings(ensemble="auto", epochs="long", batch="auto")
    assert [settings.networks(words) for words in sizes] == [2, 2, 2, 2, 1, 1]
    assert [settings.windows(words) for words in sizes] == [128, 128, 128, 128, 256, 256]
    assert [settings.passes(words) for words in sizes] == [100, 100, 20, 15, 25, 25]
