"""A service in a process of its own, and requests to it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Running:
    """A service that runs."""

    process: subprocess.Popen
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Send a request on a connection of its own; return status and decoded JSON."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, data, {"content-type": "application/json", **headers})
        answer = connection.getresponse()
        content = json.loads(answer.read())
        connection.close()
        return answer.status, content


@contextmanager
def serving(model: Path, *options: str) -> Iterator[Running]:
    """Start a service, and end it with the block."""
    command = [sys.executable, "-m", "windowner", "serve", str(model), "--port", "0", *options]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        line = process.stdout.readline()
        yield Running(process, int(re.search(r"http://127\.0\.0\.1:(\d+)$", line)[1]))
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)
