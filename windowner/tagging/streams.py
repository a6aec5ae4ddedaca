"""From a stream of text to a stream of tagged text, in one process or in several that share a mapped model.

Order is kept, and memory is bounded: a few shards a process are under way at a time.
"""

import io
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import BinaryIO

from windowner.formats.reading import stream_sentences
from windowner.formats.shards import Shard, cut_shards
from windowner.formats.table import WRITERS
from windowner.tagger.tagger import CACHE_MB, Tagger, chunks

AHEAD = 2  # shards a process that are under way, so that none waits for the slowest one


@dataclass(frozen=True)
class TagTask:
    """What is to be done with a stream.

    Parameters
    ----------
    model
        Path of the model.
    name
        What errors call the stream.
    input_format, output_format
        `columns`, `tokens` or `jsonl`; `columns` or `jsonl`.
    scheme
        Scheme of the tags.
    scores
        Whether the tags' probabilities are added.
    token_column
        For columns: 0 is the first, -1 the last.
    cache_mb
        Memory of each process for what is kept of forms that were met before, in megabytes.
    """

    model: str | Path
    name: str = "<stdin>"
    input_format: str = "columns"
    output_format: str = "columns"
    scheme: str = "IOB2"
    scores: bool = False
    token_column: int = 0
    cache_mb: float = CACHE_MB


def tag_stream(task: TagTask, stream: BinaryIO, jobs: int = 1) -> Iterator[tuple[str, int]]:
    """Yield the tagged text piece by piece, in order, each with its number of tokens.

    Raises
    ------
    DataError
        The text cannot be read.
    ModelError
        The model cannot be loaded.
    """
    if jobs > 1:
        return _tag_shards(task, stream, jobs)
    return tag_text(Tagger.load(task.model, task.cache_mb), task, stream)


def tag_text(tagger: Tagger, task: TagTask, stream: BinaryIO, first_line: int = 1) -> Iterator[tuple[str, int]]:
    """Yield the tagged text of a stream whose first line has the number `first_line`, in this process."""
    write = WRITERS[task.output_format]
    sentences = stream_sentences(
        stream, task.name, task.input_format, token_column=task.token_column, first_line=first_line
    )
    for chunk in chunks(sentences, lambda sentence: len(sentence.tokens)):
        prediction = tagger.predict([sentence.tokens for sentence in chunk])
        names = tagger.tag_names(prediction, task.scheme)
        edges = list(pairwise(prediction.offsets.tolist()))
        p = prediction.probabilities.tolist() if task.scores else None
        scores = [None if p is None else p[start:end] for start, end in edges]
        yield "".join(map(write, chunk, names, scores)), len(prediction.tags)


def _tag_shards(task: TagTask, stream: BinaryIO, jobs: int) -> Iterator[tuple[str, int]]:
    _load(task)  # here too, so that a bad model is told once, and before anything starts
    under_way: deque[Future[tuple[str, int]]] = deque()
    # A fork begins with all that was imported and loaded here, but it copies the locks of other threads, held for ever.
    method = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
    pool = ProcessPoolExecutor(jobs, get_context(method), initializer=_start_worker, initargs=(task,))
    try:
        for shard in cut_shards(stream, task.name, columns=task.input_format == "columns"):
            under_way.append(pool.submit(_tag_shard, shard))
            if len(under_way) >= AHEAD * jobs:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Worker:
    """What a process keeps between shards."""

    task: TagTask
    tagger: Tagger


def _start_worker(task: TagTask) -> None:
    """Load in a worker what it lacks, and let it end with the process that started it, however that one ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _load(task)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)


def _load(task: TagTask) -> None:
    if getattr(_Worker, "task", None) is task:  # forked
        return
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    _Worker.task, _Worker.tagger = task, Tagger.load(task.model, task.cache_mb)


def _tag_shard(shard: Shard) -> tuple[str, int]:
    pieces = list(tag_text(_Worker.tagger, _Worker.task, io.BytesIO(shard.data), shard.first_line))
    return "".join(text for text, _ in pieces), sum(tokens for _, tokens in pieces)
