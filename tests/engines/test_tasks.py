"""The bookkeeping of a mapping, without any worker."""

from itertools import count

import pytest

from windowner.engines.tasks import ATTEMPTS, Failure, Lost, Tasks
from windowner.errors import DataError, ModelError


def take(tasks):
    """Take all tasks that may start now."""
    return list(iter(tasks.next, None))


def deliver(tasks):
    """Take all results that may be handed over now."""
    return list(iter(tasks.deliver, None))


def test_results_come_as_they_are_finished():
    tasks = Tasks("abc")
    a, b, c = take(tasks)
    tasks.finish(c, "C")
    tasks.finish(a, "A")
    assert deliver(tasks) == [(2, "C"), (0, "A")]
    tasks.finish(b, "B")
    assert deliver(tasks) == [(1, "B")]


def test_results_in_order_wait_for_their_turn():
    tasks = Tasks("abc", ahead=3)
    a, b, c = take(tasks)
    tasks.finish(c, None)  # a result may be anything
    tasks.finish(b, "B")
    assert deliver(tasks) == []
    tasks.finish(a, "A")
    assert deliver(tasks) == [(0, "A"), (1, "B"), (2, None)]


def test_in_order_no_more_than_some_are_under_way_or_waiting():
    tasks = Tasks(count(), ahead=4)
    first, *others = take(tasks)
    assert len(others) == 3
    for task in others:
        tasks.finish(task, task.item)
        assert take(tasks) == []  # the results wait for the first one
    tasks.finish(first, 0)
    assert tasks.deliver() == (0, 0)
    assert [task.item for task in take(tasks)] == [4]
    assert deliver(tasks) == [(1, 1), (2, 2), (3, 3)]
    assert [task.item for task in take(tasks)] == [5, 6, 7]


def test_a_task_that_lost_its_worker_is_next_even_when_nothing_new_may_start():
    tasks = Tasks(count(), ahead=2)
    first, _ = take(tasks)
    tasks.finish(first, Lost("killed"))
    assert deliver(tasks) == []
    assert take(tasks) == [first]


def test_a_task_that_always_loses_its_worker_is_a_failure():
    tasks = Tasks("a")
    for _ in range(ATTEMPTS):
        (task,) = take(tasks)
        tasks.finish(task, Lost("exit code -9"))
    assert take(tasks) == []
    assert deliver(tasks) == [(0, Failure("WorkerDied", f"{ATTEMPTS} workers died of it, the last one: exit code -9"))]


@pytest.mark.parametrize("error", [DataError("f:3: no tag"), ModelError("f: damaged")])
def test_a_users_error_comes_back_as_itself(error):
    again = Failure.of(error).user_error
    assert (type(again), str(again)) == (type(error), str(error))


@pytest.mark.parametrize("type", ["ValueError", "WorkerDied", "annotations", "__doc__"])
def test_no_other_failure_is_a_users_error(type):
    assert Failure(type, "message").user_error is None
