"""The protocol of a worker: one line of JSON in, one line of JSON out. The first line sets the worker up.

Everything that libraries print goes to stderr, so that stdout has answers alone. Times are CPU seconds of the whole
process, which other work on the machine changes little.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

Task = dict[str, Any]
Result = dict[str, Any]
Handler = Callable[[Task], Result]
Sentences = list[list[str]]


def serve(set_up: Callable[[Task], Handler], *libraries: str) -> None:
    """Answer tasks until there are no more.

    Parameters
    ----------
    set_up
        Returns the function that answers tasks, given the first one.
    libraries
        Libraries that are measured; their versions are the first answer.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    handler = set_up(json.loads(sys.stdin.readline()))
    print(json.dumps({"versions": _versions(libraries)}), file=answers, flush=True)
    for line in sys.stdin:
        result = handler(json.loads(line))
        print(json.dumps({**result, "peak_mb": peak_mb()}), file=answers, flush=True)


def timed(work: Callable[[], int], seconds: float) -> Result:
    """Repeat work for at least a number of CPU seconds; return its units and its time."""
    units, wall, cpu = 0, perf_counter(), process_time()
    while (used := process_time() - cpu) < seconds:
        units += work()
    return {"units": units, "cpu_seconds": used, "wall_seconds": perf_counter() - wall}


def latencies(work: Callable[[list[str]], Any], sentences: Sentences) -> Result:
    """Time each sentence alone; return the milliseconds that half of them, and 99 %, do not exceed."""
    cpu, wall = [], []
    for sentence in sentences:
        start = perf_counter(), process_time()
        work(sentence)
        cpu.append(process_time() - start[1])
        wall.append(perf_counter() - start[0])
    totals = {"units": len(sentences), "cpu_seconds": sum(cpu), "wall_seconds": sum(wall)}
    return {**totals, **_percentiles(cpu, ""), **_percentiles(wall, "wall_")}


def peak_mb() -> float:
    """Return the most memory that this process has held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # `ru_maxrss` counts the process that started this one, too
        (line,) = (line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def read_rows(path: str | Path) -> list[list[list[str]]]:
    """Read a file of tab-separated columns: sentences of rows."""
    text = Path(path).read_text(encoding="utf-8")
    return [[row.split("\t") for row in block.split("\n") if row] for block in text.split("\n\n") if block.strip("\n")]


def read_labelled(path: str | Path) -> tuple[Sentences, Sentences]:
    """Return the tokens and the tags of a file of two columns, sentence by sentence."""
    rows = read_rows(path)
    return [[row[0] for row in s] for s in rows], [[row[-1] for row in s] for s in rows]


def first_tokens(sentences: Sentences, count: int) -> Sentences:
    """Return the first sentences, which hold about `count` tokens."""
    taken, total = 0, 0
    while taken < len(sentences) and total < count:
        total += len(sentences[taken])
        taken += 1
    return sentences[:taken]


def of_length(sentences: Sentences, length: int, count: int) -> Sentences:
    """Cut running text into sentences of one length."""
    tokens = [token for sentence in sentences for token in sentence]
    return [tokens[i : i + length] for i in range(0, len(tokens) - length + 1, length)][:count]


def tagging_handler(tag: Callable[[Sentences], Sentences]) -> Handler:
    """Return the function that answers the tasks of the tagging workload, given one from tokens to tags.

    bulk      tokens per second, in memory; the text has been tagged once before
    single    latency of single sentences
    file      tokens per second from one column file to another
    tags      the tags themselves
    """

    def answer(task: Task) -> Result:
        if task["do"] == "file":
            return timed(lambda: tag_file(tag, task["file"], task["out"]), task["seconds"])
        sentences = first_tokens(read_labelled(task["file"])[0], task["tokens"])
        if task["do"] == "single":
            short = of_length(sentences, task["length"], task["count"])
            tag(short[:20])
            return latencies(lambda sentence: tag([sentence]), short)
        tags = tag(sentences)
        if task["do"] == "tags":
            return {"tags": tags}
        return timed(lambda: sum(map(len, tag(sentences))), task["seconds"])

    return answer


def tag_file(tag: Callable[[Sentences], Sentences], source: str, target: str) -> int:
    """Tag a column file into another one; return its tokens."""
    rows = read_rows(source)
    tags = tag([[row[0] for row in sentence] for sentence in rows])
    with open(target, "w", encoding="utf-8") as file:
        for sentence, names in zip(rows, tags, strict=True):
            file.write(
                "".join("\t".join([*row, name]) + "\n" for row, name in zip(sentence, names, strict=True)) + "\n"
            )
    return sum(map(len, rows))


def _percentiles(seconds: list[float], prefix: str) -> dict[str, float]:
    """Return the 50th and the 99th percentile in milliseconds."""
    seconds = sorted(seconds)
    return {f"{prefix}p{share}_ms": 1e3 * seconds[share * (len(seconds) - 1) // 100] for share in (50, 99)}


def _versions(libraries: tuple[str, ...]) -> dict[str, str]:
    from importlib.metadata import version

    return {library: version(library) for library in libraries}
