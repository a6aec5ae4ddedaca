"""Requests that wait are answered together; none is lost, and none spoils the others."""

import asyncio
import threading

import pytest

from windowner.adapters.service.batching import AT_ONCE, Batcher
from windowner.adapters.service.problems import Problem
from windowner.adapters.service.requests import TagRequest


class Echo:
    """Answers with the texts; notes the batches, and fails or waits where a text says so."""

    def __init__(self):
        self.batches = []
        self.gate = threading.Event()

    def __call__(self, requests):
        self.batches.append([request.text for request in requests])
        if "wait" in self.batches[-1]:
            assert self.gate.wait(30)
        if "fail" in self.batches[-1]:
            raise MemoryError("fail")
        return [Problem(422, "text", "no", "yes") if r.text == "no" else r.text.encode() for r in requests]


def asked(texts, most=100):
    """The batches and the answers of texts that are asked while the text `wait` is answered."""
    echo = Echo()

    async def run():
        batcher = Batcher(echo, most)
        async with batcher.running():
            first = asyncio.create_task(batcher.ask(TagRequest(text="wait")))
            while not echo.batches:
                await asyncio.sleep(0.001)
            others = [asyncio.create_task(batcher.ask(TagRequest(text=text))) for text in texts]
            await asyncio.sleep(0.01)  # the loop goes on while the thread waits
            echo.gate.set()
            return await asyncio.gather(first, *others, return_exceptions=True)

    answers = asyncio.run(run())
    return echo.batches[1:], answers[1:]


def test_what_waits_is_answered_together_and_in_order():
    assert asked(["a", "b", "c"]) == ([["a", "b", "c"]], [b"a", b"b", b"c"])


def test_a_batch_ends_when_it_has_enough_characters():
    long = "x" * AT_ONCE
    batches, answers = asked(["a", long, "b", "c"])
    assert batches == [["a", long], ["b", "c"]]
    assert answers == [b"a", long.encode(), b"b", b"c"]


def test_a_failure_spoils_no_other_request():
    batches, answers = asked(["a", "fail", "b"])
    assert batches == [["a", "fail", "b"], ["a"], ["fail"], ["b"]]
    assert (answers[0], answers[2]) == (b"a", b"b")
    assert isinstance(answers[1], MemoryError)


def test_a_problem_is_told_to_its_own_request():
    _, (good, bad) = asked(["a", "no"])
    assert good == b"a"
    assert isinstance(bad, Problem)


def test_too_many_requests_are_refused():
    batches, answers = asked(["a", "b", "c"], most=2)
    assert batches == [["a", "b"]]
    assert answers[:2] == [b"a", b"b"]
    assert (answers[2].status, answers[2].headers) == (503, {"retry-after": "1"})


def test_who_has_left_disturbs_nobody():
    echo = Echo()

    async def run():
        batcher = Batcher(echo, 10)
        async with batcher.running():
            leaving = asyncio.create_task(batcher.ask(TagRequest(text="wait")))
            while not echo.batches:
                await asyncio.sleep(0.001)
            leaving.cancel()
            echo.gate.set()
            with pytest.raises(asyncio.CancelledError):
                await leaving
            return await batcher.ask(TagRequest(text="a"))

    assert asyncio.run(run()) == b"a"
