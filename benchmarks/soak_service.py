"""`windowner serve` under load that lasts, with hostile requests among the others, for `benchmarks.soak`.

Each request holds a word that no request has held before. Each hundredth answer is compared with the tags of a Tagger
in this process. After each thousandth request, one hostile client comes:

    deep JSON      answered with status 422
    100 MB         announced, and begun; answered with status 413 before they have arrived
    slow client    sends half of a head, and stays; the service closes its connection
"""

import json
import socket
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from benchmarks.service import CACHE_MB, WARM, Client, serving
from windowner.tagger.tagger import Tagger

CHECKED, HOSTILE = 100, 1000
"""Each request whose number is a multiple: of the first, is checked; of the second, is followed by a hostile one."""

SLOW = 20
"""Slow clients that are held at a time."""

HEAD = b"POST /tag HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
DEEP = b"[" * 90_000


class WrongAnswerError(Exception):
    """The service answered something else than it should."""


def soak(model: Path, sentence: list[str], requests: int) -> tuple[float, int]:
    """Send requests; return the megabytes by which the service grew after the first tenth, and the hostile requests."""
    tagger, slow = Tagger.load(model), list[socket.socket]()
    attacks: Iterator[Callable[[int], None]] = cycle([deep, large, lambda port: slow.append(slow_client(port))])
    warm, hostile = 0.0, 0
    with serving(model, "--cache-mb", str(CACHE_MB)) as server, Client(server.port) as client:
        for number in range(requests):
            tokens = [*sentence, f"new{number}"]
            answer = client.ask("/tag", {"tokens": [tokens]})
            if number % CHECKED == 0:
                check(json.loads(answer)["results"][0]["tags"], tagger.tag([tokens])[0])
            if number % HOSTILE == HOSTILE - 1:
                next(attacks)(server.port)
                hostile += 1
                for held in slow[:-SLOW]:
                    held.close()
                del slow[:-SLOW]
            if number == int(requests * WARM):
                warm = server.megabytes
        grown = server.megabytes - warm
        for held in slow:
            held.close()
    return grown, hostile


def check(found: object, expected: object) -> None:
    """Refuse an answer that is not the expected one."""
    if found != expected:
        raise WrongAnswerError(f"found {found}, expected {expected}")


def deep(port: int) -> None:
    """Send JSON that is nested deeply."""
    check(status_of(port, HEAD + b"Content-Length: %d\r\n\r\n" % len(DEEP) + DEEP), b"422")


def large(port: int) -> None:
    """Announce 100 MB, and begin to send them."""
    check(status_of(port, HEAD + b"Content-Length: 100000000\r\n\r\n" + b"x" * 100_000), b"413")


def slow_client(port: int) -> socket.socket:
    """Send half of a head, and keep the connection."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(HEAD)
    return connection


def status_of(port: int, request: bytes) -> bytes:
    """Return the status of an answer."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        return connection.recv(65536)[9:12]
