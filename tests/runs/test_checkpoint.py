"""When a checkpoint is written: after a while, and then seldom. What it holds is tested in test_resuming.py."""

import pytest

from windowner.runs import checkpoint
from windowner.runs.checkpoint import LEAST, PAUSE, Checkpoint


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
