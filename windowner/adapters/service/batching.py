"""Batching: requests that wait are answered together, by one thread, while the event loop goes on."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import NamedTuple

from windowner.adapters.service.problems import Problem, busy
from windowner.adapters.service.requests import Request

AT_ONCE = 20_000
"""Characters after which a batch is full. A tagger reads them in some hundredths of a second."""

Answer = bytes | Problem
Answering = Callable[[Sequence[Request]], list[Answer]]


class Waiting(NamedTuple):
    """A request, and the future of its answer."""

    request: Request
    answer: asyncio.Future[bytes]


class Batcher:
    """Collects requests, and has them answered in batches.

    While a batch is answered, the requests of the next one arrive. So a batch has one request when there is little to
    do, and many when there is much.

    Parameters
    ----------
    answer
        Answers a batch. One thread calls it.
    most
        Requests that may wait.
    """

    def __init__(self, answer: Answering, most: int):
        self._answer = answer
        self._most = most
        self._waiting: deque[Waiting] = deque()
        self._arrived = asyncio.Event()

    async def ask(self, request: Request) -> bytes:
        """Return the answer of a request.

        Raises
        ------
        Problem
            Too many requests wait, or the request cannot be answered.
        """
        if len(self._waiting) >= self._most:
            raise busy("service", f"{len(self._waiting):,} requests that wait", f"fewer than {self._most:,}")
        waiting = Waiting(request, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._arrived.set()
        return await waiting.answer

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer requests while the block runs."""
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="tagger") as thread:
            task = asyncio.create_task(self._run(thread))
            try:
                yield
            finally:
                task.cancel()
                await asyncio.wait([task])

    async def _run(self, thread: ThreadPoolExecutor) -> None:
        while True:
            await self._arrived.wait()
            await self._serve(thread, self._take())
            if not self._waiting:
                self._arrived.clear()

    def _take(self) -> list[Waiting]:
        """Return the next batch: the requests that wait, in order, until there are enough characters."""
        batch: list[Waiting] = []
        characters = 0
        while self._waiting and characters < AT_ONCE:
            batch.append(self._waiting.popleft())
            characters += batch[-1].request.characters
        return batch

    async def _serve(self, thread: ThreadPoolExecutor, batch: list[Waiting]) -> None:
        """Answer a batch. If that fails, each request is tried alone, so that one cannot spoil the others."""
        future = asyncio.wrap_future(thread.submit(self._answer, [waiting.request for waiting in batch]))
        await asyncio.wait([future])
        error = future.exception()
        if error is None:
            for waiting, answer in zip(batch, future.result(), strict=True):
                _deliver(waiting.answer, answer)
        elif len(batch) == 1:
            _deliver(batch[0].answer, error)
        else:
            for waiting in batch:
                await self._serve(thread, [waiting])


def _deliver(future: asyncio.Future[bytes], answer: bytes | BaseException) -> None:
    """Give an answer to who waits for it, if anybody still does."""
    if future.done():
        return
    if isinstance(answer, BaseException):
        future.set_exception(answer)
    else:
        future.set_result(answer)
