"""Both engines, by the same tests: two workers, and the numbers of a plain loop.

An actor of Ray takes a second to start. What does not depend on Ray is therefore tested on processes alone. They are
spawned, which is possible in every process; `test_forked.py` has those that are forked.
"""

import os
from functools import partial
from itertools import count, islice

import engine_work as work
import numpy as np
import pytest

from windowner.engines.engine import AHEAD, Engine
from windowner.engines.local import LocalEngine
from windowner.engines.opening import ENGINES
from windowner.engines.tasks import ATTEMPTS, Failure

ARRAY = np.random.default_rng(0).normal(size=(300, 50))


@pytest.fixture
def local(monkeypatch) -> Engine:
    monkeypatch.setattr("windowner.platform.start_method", lambda: "spawn")
    return LocalEngine(2)


@pytest.fixture(params=ENGINES)
def engine(request, local) -> Engine:
    return local if request.param == "local" else request.getfixturevalue("ray_engine")


def test_two_workers_give_the_numbers_of_a_loop(engine):
    found = dict(engine.map_trials(work.mean_of_products, range(7), ARRAY))
    assert found == {seed: work.mean_of_products(seed, ARRAY) for seed in range(7)}


def test_a_failing_item_takes_nothing_down(engine):
    found = dict(engine.map_trials(work.fail_at, range(5), 3))
    failure = found.pop(3)
    assert found == {0: 0, 1: 10, 2: 20, 4: 40}
    assert (failure.type, failure.message) == ("OddError", "f:3: no tag")
    assert "in fail_at" in failure.traceback


def test_a_result_that_cannot_be_sent_is_a_failure(local):
    found = dict(local.map_trials(work.unsendable_at, range(3), 1))
    failure = found.pop(1)
    assert found == {0: 0, 2: 2}
    assert isinstance(failure, Failure)


def test_the_factory_is_called_once_a_worker(engine, tmp_path):
    found = [result for _, result in engine.map_items(work.counted, range(12), str(tmp_path))]
    assert sorted(item for item, _ in found) == list(range(12))
    workers = {worker for _, worker in found}
    assert 1 <= len(workers) <= 2
    assert {path.name for path in tmp_path.iterdir()} >= {f"made-{worker}" for worker in workers}
    assert os.getpid() not in workers


def test_a_factory_that_raises_is_a_failure_of_each_item(local):
    found = dict(local.map_items(work.broken, range(3), None))
    assert {(index, failure.type, failure.message) for index, failure in found.items()} == {
        (index, "ValueError", "no model") for index in range(3)
    }


def test_a_killed_worker_loses_nothing(engine, tmp_path):
    found = dict(engine.map_trials(work.die_once, range(6), str(tmp_path)))
    assert (tmp_path / "died").exists()
    assert found == {spec: spec * spec for spec in range(6)}


def test_an_item_that_always_kills_its_worker_fails_alone(local):
    found = dict(local.map_trials(work.always_die, range(4), 1))
    failure = found.pop(1)
    assert found == {0: 0, 2: 2, 3: 3}
    assert failure.type == "WorkerDied"
    assert failure.message.startswith(f"{ATTEMPTS} workers died of it")


def test_workers_have_one_blas_thread(engine):
    ((_, threads),) = engine.map_trials(work.blas_threads, [None])
    assert threads
    assert set(threads) == {1}


def test_items_are_taken_as_workers_become_free(local):
    """From an endless iterable: what is not needed is not taken, and leaving early ends the workers."""
    taken = []
    items = (taken.append(i) or i for i in count())
    results = local.map_trials(work.fail_at, items, -1)
    assert len(list(islice(results, 3))) == 3
    results.close()
    assert len(taken) <= 3 + local.jobs + 1


def test_results_in_order_wait_for_a_slow_item(engine, tmp_path):
    """Item 0 ends after as many others as may be under way or wait for their turn."""
    ahead = AHEAD * engine.jobs
    delivered = []
    unfinished = []  # at each item that is taken: how many were taken and are not delivered, itself included

    def items():
        for item in range(12):
            unfinished.append(item + 1 - len(delivered))
            yield item

    for pair in engine.map_in_order(work.slow_first, items(), str(tmp_path), ahead - 1):
        delivered.append(pair)
    assert delivered == [(item, 10 * item) for item in range(12)]
    assert ahead <= max(unfinished) <= ahead + 1  # one more, when it is taken just before a result is handed over


def test_a_killed_worker_changes_nothing_in_order(local, tmp_path):
    function = partial(work.die_once, folder=str(tmp_path))
    found = list(local.map_in_order(partial(partial, function), range(6)))
    assert (tmp_path / "died").exists()
    assert found == [(spec, spec * spec) for spec in range(6)]


def test_an_engine_has_a_worker():
    with pytest.raises(ValueError, match="0 jobs, expected at least 1"):
        LocalEngine(0)


def test_nothing_to_do(local):
    assert list(local.map_in_order(work.broken, [])) == []
    assert list(local.map_trials(work.fail_at, [], 0)) == []
