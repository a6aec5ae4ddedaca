"""Clients that are slow, too many, or send what is no HTTP: each gets an error, and hurts nobody else."""

import asyncio
import socket
from contextlib import ExitStack
from unittest.mock import MagicMock

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from windowner.adapters.service.connections import BoundedProtocol
from windowner.adapters.service.limits import Limits

TAG = b"POST /tag HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
TEXT = b'{"text": "John Smith lives in Paris."}'


def connect(service) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.port), timeout=20)


def read_all(connection) -> bytes:
    """Everything until the service closes the connection."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def talk(service, data) -> bytes:
    with connect(service) as connection:
        connection.sendall(data)
        return read_all(connection)


def still_answers(service) -> bool:
    return service.ask("POST", "/tag", {"text": "John Smith lives in Paris."})[0] == 200


@pytest.mark.parametrize(
    ("data", "status", "found"),
    [
        (b"GET / HTT", 408, b"a part of its head after 0.6 seconds"),
        (TAG + b"Content-Length: 10\r\n\r\n{", 408, b"1 bytes after 0.6 seconds"),
        (TAG + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", 408, b"1 bytes after 0.6 seconds"),
        (b"rubbish\r\n\r\n", 400, b"no HTTP/1.1"),
        (b"GET /" + b"a" * 70_000, 400, b"a head that is too long"),
        (TAG + b"Content-Length: -1\r\n\r\n{", 400, b"no HTTP/1.1"),
        (TAG + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{", 400, b"no HTTP/1.1"),
    ],
)
def test_slow_and_broken_requests_get_an_error(service, data, status, found):
    answer = talk(service, data)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert found in answer
    assert b"application/json" in answer
    assert still_answers(service)


def test_a_client_that_says_nothing_is_disconnected(service):
    assert talk(service, b"") == b""


def test_a_second_request_may_not_be_slow_either(service):
    """uvicorn's own timer ends with the first byte of the next request."""
    with connect(service) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET / HT")
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1 408 ") == 1


def test_a_body_that_trickles_in_has_the_same_time(service):
    with connect(service) as connection:
        connection.sendall(TAG + b"Content-Length: 100000\r\n\r\n")
        connection.settimeout(0.05)
        answer = b""
        for _ in range(100):
            connection.send(b"x")
            try:
                answer = connection.recv(65536)
                break
            except TimeoutError:
                continue
    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 100000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n5f5e100\r\n"]
)
def test_a_body_of_100_mb_is_refused_before_it_has_arrived(service, framing):
    with connect(service) as connection:
        connection.sendall(TAG + framing + b"x" * 1_000_000)
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert still_answers(service)


def test_who_does_not_read_is_disconnected(service):
    """The answers fill all buffers. Then the requests behind them are not read any more, until the connection ends."""
    text = b'{"text": "%s"}' % (b"x" * 60_000)
    request = TAG + b"Content-Length: %d\r\n\r\n" % len(text) + text
    with connect(service) as connection, pytest.raises(ConnectionError):
        connection.sendall(request * 1_000)
    assert still_answers(service)


def test_who_leaves_before_the_body_is_whole_is_forgotten(service):
    for framing in (b"Content-Length: 100\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"):
        with connect(service) as connection:
            connection.sendall(TAG + framing)
    assert still_answers(service)


@pytest.mark.parametrize("is_early", [True, False])
def test_a_body_that_is_no_http_gets_one_answer_and_no_traceback(caplog, is_early):
    """Its chunks end in rubbish, before the application has answered, or behind its answer."""
    rubbish = asyncio.Event()

    async def answer(scope, receive, send):
        if is_early:
            await rubbish.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def connection():
        transport = MagicMock()
        transport.get_extra_info.return_value = None
        config = Config(answer, http=BoundedProtocol, lifespan="off", log_config=None)
        config.load()
        protocol = BoundedProtocol(config, ServerState(), {}, limits=Limits())
        protocol.connection_made(transport)
        protocol.data_received(TAG + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
        await asyncio.sleep(0.05)
        protocol.data_received(b"rubbish\r\n")
        rubbish.set()
        await asyncio.sleep(0.05)
        protocol.connection_lost(None)
        return b"".join(call.args[0] for call in transport.write.call_args_list), transport.close.called

    written, is_closed = asyncio.run(connection())
    assert written.startswith(b"HTTP/1.1 400 " if is_early else b"HTTP/1.1 200 ")
    assert written.count(b"HTTP/1.1 ") == 1
    assert is_closed
    assert {record.levelname for record in caplog.records} == {"WARNING"}  # of a request that is no HTTP


@pytest.mark.parametrize("reads", [True, False])
def test_who_reads_again_in_time_stays_connected(reads):
    """The deadline of a client that does not read is over when it reads again."""

    async def never(scope, receive, send):
        await asyncio.sleep(60)

    async def connection():
        transport = MagicMock()
        transport.get_extra_info.return_value = None
        config = Config(never, http=BoundedProtocol, lifespan="off", log_config=None)
        config.load()
        protocol = BoundedProtocol(config, ServerState(), {}, limits=Limits(seconds=0.05))
        protocol.connection_made(transport)
        protocol.data_received(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        protocol.pause_writing()
        if reads:
            protocol.resume_writing()
        await asyncio.sleep(0.2)
        was_ended = transport.abort.called
        protocol.connection_lost(None)
        protocol.resume_writing()  # so that uvicorn can end the request
        return was_ended

    assert asyncio.run(connection()) == (not reads)


def test_pipelined_requests_are_answered_in_order(service):
    request = TAG + b"Content-Length: %d\r\n\r\n" % len(TEXT) + TEXT
    answer = talk(service, request + b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n" + request)
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200"]


def test_connections_that_are_too_many_are_told_so(service):
    with ExitStack() as stack:
        held = [stack.enter_context(connect(service)) for _ in range(20)]
        answer = talk(service, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after" in answer.lower()
        assert b"21 connections, expected at most 20" in answer
        held[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert read_all(held[0]).startswith(b"HTTP/1.1 200 ")
        for each in held[1:]:
            assert read_all(each) == b""
    assert still_answers(service)


def test_a_hostile_host(service):
    """The name of the host is never read as a part of an address."""
    answer = talk(service, b"GET /nothing HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 404 ")


def test_hostile_json(service):
    for body in (b"[" * 90_000, b'{"text": "\\ud800"}', b'{"text": "a", "min_probability": NaN}', b'{"text": "\xff"}'):
        status, content = service.ask("POST", "/tag", body)
        assert status in (400, 422)
        assert content["where"]
    assert still_answers(service)


def test_the_default_limits_are_as_documented():
    assert Limits().body == 1_000_000
