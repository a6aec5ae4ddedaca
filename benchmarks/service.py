"""`windowner serve` under load: `make bench-service`. Prints Markdown tables.

    latency   one client on one connection, 20 tokens per request, after the words were met
    load      eight clients, 20 words per request that no request has held before, with --cache-mb 32

The service runs in a process of its own. Its memory and its CPU time are those that Linux keeps of a process. The
clients share the machine with it, so requests per CPU second say more of the service than requests per second do.
"""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from time import perf_counter

import click

from benchmarks.harness import environment
from docs.pages import ROOT, table
from windowner.config.loading import load_config
from windowner.formats.reading import read_corpus
from windowner.runs.training import train

TOKENS = 20
CACHE_MB = 32
WARM = 0.1
"""Share of the requests after which memory must be flat."""
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100

Body = dict[str, object]


class Server:
    """A service that runs in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], port: int):
        self.port = port
        self._folder = Path("/proc") / str(process.pid)

    @property
    def megabytes(self) -> float:
        """Its memory."""
        return int((self._folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    @property
    def cpu_seconds(self) -> float:
        """Its CPU time."""
        fields = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


class Client:
    """A connection that stays open. It does as little as possible, so that the service is measured."""

    def __init__(self, port: int):
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()

    def ask(self, path: str, body: Body) -> bytes:
        """Send a request, wait for the whole answer, and return its content."""
        data = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + data)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._receive()
        own_head, _, content = answer.partition(b"\r\n\r\n")
        if not own_head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(answer.decode())
        length = int(own_head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while len(content) < length:
            content += self._receive()
        return content

    def _receive(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise RuntimeError("the service has closed the connection, expected an answer")
        return part


@contextmanager
def serving(model: Path, *options: str) -> Iterator[Server]:
    """Start a service, and end it with the block."""
    command = [sys.executable, "-m", "windowner", "serve", str(model), "--port", "0", *options]
    variables = environment({"PYTHONUNBUFFERED": "1"})
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r":(\d+)$", line)
            if found is None:
                raise RuntimeError(f"the service printed {line!r}, expected its address")
            yield Server(process, int(found[1]))
        finally:
            process.terminate()


def latency(model: Path, words: list[str], requests: int) -> str:
    """Return a table of the time of single requests, in milliseconds."""
    cut = [words[place : place + TOKENS] for place in range(0, len(words) - TOKENS, TOKENS)]
    cases: dict[str, tuple[str, Callable[[list[str]], Body]]] = {
        "POST /tag, a text": ("/tag", lambda tokens: {"text": " ".join(tokens)}),
        "POST /tag, tokens": ("/tag", lambda tokens: {"tokens": [tokens]}),
        "POST /explain, a text": ("/explain", lambda tokens: {"text": " ".join(tokens), "character": 0}),
    }
    rows = []
    with serving(model) as server, Client(server.port) as client:
        for name, (path, make) in cases.items():
            bodies = [make(tokens) for tokens in islice(cut, requests)]
            for body in bodies:
                client.ask(path, body)
            times, before = [], server.cpu_seconds
            for body in bodies:
                begun = perf_counter()
                client.ask(path, body)
                times.append(1000 * (perf_counter() - begun))
            cpu = 1000 * (server.cpu_seconds - before) / len(times)
            rows.append([name, f"{median(times):.2f}", f"{quantiles(times, n=100)[98]:.2f}", f"{cpu:.2f}"])
    heads = [f"one client, {TOKENS} tokens", "median, ms", "99th percentile, ms", "CPU of the service, ms"]
    return table(heads, rows)


def load(model: Path, requests: int, clients: int) -> str:
    """Return a table of the rate and the memory under clients that send words that were not met before."""
    lock = Lock()
    numbers = iter(range(requests))
    memory: list[float] = []

    def work() -> None:
        with Client(server.port) as client:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                if number % max(1, requests // 200) == 0:
                    memory.append(server.megabytes)
                    click.echo(f"{number:,} requests: {memory[-1]:,.1f} MB", err=True)
                first = number * TOKENS
                client.ask("/tag", {"text": " ".join(f"Unseen{place}" for place in range(first, first + TOKENS))})

    with serving(model, "--cache-mb", str(CACHE_MB)) as server:
        before, begun = server.cpu_seconds, perf_counter()
        threads = [Thread(target=work) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds, cpu = perf_counter() - begun, server.cpu_seconds - before
    later = memory[int(WARM * len(memory)) :] or memory
    rows = [
        ["requests per second", f"{requests / seconds:,.0f}"],
        ["requests per CPU second of the service", f"{requests / max(cpu, 1 / TICKS):,.0f}"],
        ["CPU seconds of the service per second", f"{cpu / seconds:.2f}"],
        [f"memory after {WARM:.0%} of the requests, MB", f"{later[0]:,.1f}"],
        ["memory at the end, MB", f"{later[-1]:,.1f}"],
        ["largest minus smallest memory in between, MB", f"{max(later) - min(later):,.1f}"],
    ]
    return table([f"{clients} clients, {requests:,} requests, {TOKENS} unseen words each", ""], rows)


@click.command()
@click.option("--config", type=click.Path(path_type=Path), default=ROOT / "configs" / "wikigold.toml")
@click.option("--set", "keys", multiple=True, help="Override a key of the config.")
@click.option("--requests", default=100_000, show_default=True, help="Requests of unseen words.")
@click.option("--clients", default=8, show_default=True, help="Clients at once.")
def main(config: Path, keys: tuple[str, ...], requests: int, clients: int) -> None:
    """Train a tagger, serve it, and print tables."""
    with TemporaryDirectory() as folder:
        train(load_config(config, keys), folder)
        corpus = read_corpus(ROOT / "data" / "wikigold" / "dev.conll").tokens
        words = [token for sentence in corpus for token in sentence]
        click.echo(latency(Path(folder), words, min(requests, 300)) + "\n")
        click.echo(load(Path(folder), requests, clients))


if __name__ == "__main__":
    main()
