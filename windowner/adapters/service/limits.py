"""Limits: what a client may ask for, and how long it may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What the service accepts at most.

    Parameters
    ----------
    body_mb
        Size of a request's body, in megabytes.
    text
        Characters of a text.
    texts
        Texts or sentences of a request.
    tokens
        Tokens of a request.
    waiting
        Requests that wait for the tagger.
    connections
        Open connections.
    seconds
        Time to send the head of a request, time to send its body, and time to take a part of the answer, in seconds.
    """

    body_mb: float = 1.0
    text: int = 100_000
    texts: int = 1_000
    tokens: int = 20_000
    waiting: int = 100
    connections: int = 200
    seconds: float = 10.0

    @property
    def body(self) -> int:
        """Size of a request's body, in bytes."""
        return int(self.body_mb * 1e6)
