"""The checkpoint: written at once the first time, then seldom, and what is pending is written when asked."""

import pytest

from windowner.runs import checkpoint
from windowner.runs.checkpoint import PAUSE, Checkpoint


@pytest.fixture
def written(monkeypatch):
    """A clock that the test sets, and the models that were written. A write takes 2 seconds."""

    class Written(list):
        now = 100.0

        def write(self, model, path):
            self.append((model, path))
            self.now += 2

    written = Written()
    monkeypatch.setattr(checkpoint, "perf_counter", lambda: written.now)
    monkeypatch.setattr(checkpoint, "write_model", written.write)
    return written


def test_a_write_waits_for_many_times_the_last_ones_duration(written, tmp_path):
    kept = Checkpoint(tmp_path)
    kept.offer("first")
    assert written == [("first", tmp_path)]
    written.now = 102 + 2 * PAUSE - 1
    kept.offer("too early")
    assert written == [("first", tmp_path)]
    written.now += 1
    kept.offer("third")
    assert written == [("first", tmp_path), ("third", tmp_path)]


def test_what_is_pending_is_written_once_when_asked(written, tmp_path):
    kept = Checkpoint(tmp_path)
    kept.write_pending()
    assert written == []  # nothing was offered
    kept.offer("first")
    kept.offer("second")
    kept.offer("third")
    kept.write_pending()
    kept.write_pending()
    assert written == [("first", tmp_path), ("third", tmp_path)]
