"""Problem: why a request cannot be answered, as the answer to the client says it."""

from collections.abc import Mapping

import msgspec

JSON_TYPE = "application/json"


class Problem(Exception):
    """Why a request cannot be answered.

    Parameters
    ----------
    status
        Status code of HTTP.
    where
        The part of the request, such as `body` or `texts[2]`.
    found, expected
        What is there, and what would be accepted.
    headers
        More headers of the answer.
    """

    def __init__(self, status: int, where: str, found: str, expected: str, headers: Mapping[str, str] | None = None):
        super().__init__(f"{where}: {found}, expected {expected}")
        self.status = status
        self.where = where
        self.found = found
        self.expected = expected
        self.headers = dict(headers or {})

    def content(self) -> bytes:
        """Return the answer as JSON."""
        parts = {"where": self.where, "found": self.found, "expected": self.expected}
        return msgspec.json.encode({"error": str(self), **parts})


def busy(where: str, found: str, expected: str) -> Problem:
    """Return the problem of a service that has too much to do."""
    return Problem(503, where, found, f"{expected}; try again", {"retry-after": "1"})
