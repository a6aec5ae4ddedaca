"""When a checkpoint is written: after a while, and then seldom. What it holds is tested in test_resuming.py."""

import numpy as np
import pytest

from windowner.errors import ConfigError
from windowner.runs import checkpoint
from windowner.runs.checkpoint import LEAST, PAUSE, Checkpoint
from windowner.training.settings import TrainSettings
from windowner.training.snapshot import take_snapshot
from windowner.training.text import TrainingText
from windowner.training.trainer import Trainer


@pytest.fixture
def written(monkeypatch):
    """A clock that the test sets, and the snapshots that were written. A write takes 2 seconds."""

    class Written(list):
        now = 100.0

        def write(self, snapshot):
            self.append(snapshot)
            self.now += 2

    written = Written()
    monkeypatch.setattr(checkpoint, "perf_counter", lambda: written.now)
    monkeypatch.setattr(Checkpoint, "_write", lambda self, snapshot: written.write(snapshot))
    return written


def test_a_write_waits_for_many_times_the_last_ones_duration(written, tmp_path):
    kept = Checkpoint(tmp_path, {})
    for now, taken in (
        (100 + LEAST - 0.1, "too early"),
        (100 + LEAST, "first"),
        (102 + LEAST + 2 * PAUSE - 0.1, "too early"),
        (102 + LEAST + 2 * PAUSE, "second"),
    ):
        written.now = now
        kept.offer(lambda taken=taken: taken)
    assert written == ["first", "second"]


def test_no_snapshot_is_taken_where_none_is_written(written, tmp_path):
    kept = Checkpoint(tmp_path, {}, writes=False)
    written.now = 1e9
    kept.offer(lambda: pytest.fail("it is not needed"))
    assert written == []


@pytest.mark.parametrize("other", [{"hidden": 5}, {"tables": ((7, 3),)}])
def test_networks_that_are_done_are_those_of_the_same_shape(draw_case, tmp_path, other):
    def trainer(**shape):
        case = draw_case(np.random.default_rng(1), **shape)
        text = TrainingText(case.text, case.F, np.zeros(7, np.bool_), 0.0)
        return Trainer(case.network.astype(np.float32), text, TrainSettings(), np.random.default_rng(2))

    drawn = trainer()
    kept = Checkpoint(tmp_path / "c", {})
    kept.end(drawn.network, [])
    kept._write(take_snapshot(drawn))
    again = Checkpoint(tmp_path / "c", {})
    again.read()
    with pytest.raises(ConfigError, match=r"c: not of this network: .*; train without --resume"):
        again.take_over(trainer(**other).network)
    assert again.take_over(trainer().network) == []


@pytest.mark.parametrize("change", [lambda values: values[1:], lambda values: values.view(np.uint8)[..., ::4]])
def test_arrays_that_are_done_are_those_of_the_network(draw_case, tmp_path, change):
    network = draw_case(np.random.default_rng(1)).network.astype(np.float32)
    again = Checkpoint(tmp_path / "c", {})
    values = {block.name: block.moving for block in network.blocks}
    again._done.append(([], {**values, "W": change(values["W"])}))
    with pytest.raises(ConfigError, match="c: not of this network: W; train without --resume"):
        again.take_over(network)
