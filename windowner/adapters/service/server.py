"""The server: a socket that listens, and a service that ends without losing a request."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.flow_control import CLOSE_HEADER

from windowner.adapters.service.connections import BoundedProtocol
from windowner.adapters.service.limits import Limits
from windowner.errors import ConfigError

BACKLOG = 512
"""Connections that the system holds before they are accepted."""


class Service(uvicorn.Server):
    """A server that answers every request that has reached it before it ends."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept what waits on the sockets, close them, and answer what arrives on open connections.

        Each answer closes its connection.
        """
        self.server_state.default_headers.append(CLOSE_HEADER)
        await self._accept_the_last(sockets or [])
        await super().shutdown(sockets)

    async def _accept_the_last(self, sockets: Sequence[socket.socket]) -> None:
        """Accept the connections that the system holds. asyncio would drop them when it closes the socket."""
        loop = asyncio.get_running_loop()
        held: list[socket.socket] = []
        for listening in sockets:
            with suppress(NotImplementedError):  # the event loop of Windows has no readers
                loop.remove_reader(listening)
        await asyncio.sleep(0.01)  # those that asyncio has accepted get their protocols
        for listening in sockets:
            with suppress(BlockingIOError):
                while True:
                    held.append(listening.accept()[0])
        for server in self.servers:
            server.close()
        for accepted in held:
            await loop.connect_accepted_socket(self._protocol, accepted)

    def _protocol(self) -> asyncio.Protocol:
        protocol: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises
    ------
    ConfigError
        The host is unknown, or the port is taken or not allowed.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"--host {host} --port {port}: {reason}; expected an address of this machine and a free port, "
            "which --port 0 finds"
        ) from None
    # The body of an answer follows its head at once. Without this, it would wait for 40 ms until the client has
    # acknowledged the head. Accepted connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def address_of(listening: socket.socket) -> str:
    """Return the address of a socket as a browser takes it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(app: ASGIApp, listening: socket.socket, limits: Limits) -> None:
    """Serve until SIGINT or SIGTERM, and raise the signal again when every request is answered."""
    protocol: Any = partial(BoundedProtocol, limits=limits)
    config = uvicorn.Config(
        app,
        http=protocol,
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=max(1, round(limits.seconds)),
        backlog=BACKLOG,
    )
    Service(config).run(sockets=[listening])
