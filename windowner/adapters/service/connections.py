"""Connections: how long a client may take, how many there may be, and how the last ones end.

uvicorn waits for the head of a request, and for a client that does not read its answer, for as long as the client
likes. A connection of this module has one deadline, which stands whenever the client has to do something: send the
head of a request, or read a part of the answer. `app.read_body` watches over the body.
"""

import asyncio
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol
from uvicorn.server import ServerState

from windowner.adapters.service.limits import Limits
from windowner.adapters.service.problems import JSON_TYPE, Problem, busy

LAST_REQUESTS = 0.5
"""Seconds for which an idle connection stays open when the service ends, for a request that is on its way."""
LINGER = 1.0
"""Seconds for which a connection that is one too many stays open, so that its client can read why."""


class BoundedProtocol(H11Protocol):
    """A connection with a deadline for its client.

    Parameters
    ----------
    limits
        The limits.
    options
        What uvicorn gives to a protocol.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: Limits,
    ):
        super().__init__(config, server_state, app_state, _loop)
        self._limits = limits
        self._deadline: asyncio.TimerHandle | None = None
        self._is_refused = False

    @property
    def _is_answering(self) -> bool:
        """Whether the head of a request has arrived, and its answer is not complete."""
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request; refuse a connection that is one too many."""
        super().connection_made(transport)
        self._expect_within(self._limits.seconds)
        if len(self.connections) > self._limits.connections:
            self._is_refused = True
            self.connections.discard(self)
            most = self._limits.connections
            self._tell(busy("service", f"{most + 1:,} connections", f"at most {most:,}"))
            self.transport.write_eof()
            self._expect_within(LINGER)

    def data_received(self, data: bytes) -> None:
        """Read a part of a request."""
        if self._is_refused:
            return
        super().data_received(data)
        self._go_on()

    def on_response_complete(self) -> None:
        """Wait for the client to read the answer, and for its next request."""
        self._expect_within(self._limits.seconds)
        super().on_response_complete()
        self._go_on()  # the next request may be there already

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self._expect_within(self._limits.seconds)

    def resume_writing(self) -> None:
        """Go on: the client has read."""
        super().resume_writing()
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._expect_nothing()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """End the connection after the answer of its request, or soon if it has none."""
        if self._is_answering:
            super().shutdown()
        else:
            self._expect_within(min(LAST_REQUESTS, self._limits.seconds))

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, unless a request that ends so was answered already, and end the connection."""
        if self._is_answering:  # the application reads the body, and learns that nobody waits for its answer
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._tell(Problem(400, "request", "no HTTP/1.1, or a head that is too long", "a request of HTTP/1.1"))
        self.transport.close()

    def _expect_within(self, seconds: float) -> None:
        self._expect_nothing()
        self._deadline = self.loop.call_later(seconds, self._end)

    def _go_on(self) -> None:
        """Expect nothing of a client whose request is being answered, and that reads."""
        if self._is_answering and not self.flow.write_paused:
            self._expect_nothing()

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end(self) -> None:
        """End a connection whose client has taken too long."""
        if self.transport.get_write_buffer_size():  # the client does not read, and would be waited for
            self.transport.abort()
            return
        if not self._is_answering and not self._is_refused and self.conn.trailing_data[0]:
            found = f"a part of its head after {self._limits.seconds:g} seconds"
            self._tell(Problem(408, "request", found, "the whole head"))
        self.transport.close()

    def _tell(self, problem: Problem) -> None:
        """Write an answer without a request."""
        headers = [(name.encode(), value.encode()) for name, value in problem.headers.items()]
        headers += [(b"content-type", JSON_TYPE.encode()), (b"connection", b"close")]
        response = h11.Response(status_code=problem.status, headers=headers, reason=STATUS_PHRASES[problem.status])
        for event in (response, h11.Data(data=problem.content()), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
