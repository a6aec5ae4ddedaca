"""The end of a service under load, and the socket that it listens on."""

import json
import os
import signal
import socket
from collections import Counter
from http.client import HTTPConnection, HTTPException
from threading import Barrier, Thread
from time import sleep

import pytest
from serving import serving

from windowner.adapters.service.server import address_of, listen
from windowner.errors import ConfigError

BODY = json.dumps({"text": "John Smith lives in Paris. " * 100}).encode()


class Client(Thread):
    """Sends one request after the other until the service accepts no connection."""

    def __init__(self, port, keeps, ready):
        super().__init__(daemon=True)
        self.port, self.keeps, self.ready = port, keeps, ready
        self.counts = Counter()
        self.trouble = []

    def run(self):
        connection = None
        self.ready.wait()
        while True:
            if connection is None:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
                try:
                    connection.connect()
                except OSError:
                    return
            try:
                connection.request("POST", "/tag", BODY, {"content-type": "application/json"})
                answer = connection.getresponse()
                content = json.loads(answer.read())
                assert content["text"].startswith("John")
                self.counts[answer.status] += 1
            except (HTTPException, OSError, ValueError, KeyError, AssertionError) as error:
                self.trouble.append(repr(error))
                return
            if not self.keeps or answer.will_close:
                connection.close()
                connection = None


@pytest.mark.skipif(os.name != "posix", reason="only POSIX sends these signals")
@pytest.mark.parametrize(("number", "status", "word"), [("SIGTERM", 143, "terminated"), ("SIGINT", 130, "interrupted")])
def test_a_signal_under_load_loses_no_request(tiny, number, status, word):
    with serving(tiny.run.folder) as service:
        ready = Barrier(9)
        clients = [Client(service.port, n % 4 > 0, ready) for n in range(8)]
        for client in clients:
            client.start()
        ready.wait()
        while min(sum(client.counts.values()) for client in clients) < 5:
            sleep(0.01)
        service.process.send_signal(getattr(signal, number))
        _, err = service.process.communicate(timeout=30)
        for client in clients:
            client.join(30)
        assert [client.trouble for client in clients] == [[]] * 8
        assert {code for client in clients for code in client.counts} == {200}
        assert (service.process.returncode, err.strip()) == (status, word)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX sends these signals")
def test_requests_on_their_way_are_answered(tiny):
    """One client has sent half of its request, one is connected, and one has an idle connection."""
    request = b"POST /tag HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n"
    with serving(tiny.run.folder) as service:
        half, silent, idle = (socket.create_connection(("127.0.0.1", service.port), timeout=20) for _ in range(3))
        half.sendall(request + b'{"text"')
        idle.sendall(request + b'{"text": "a"}')
        first = b""
        while not first.endswith(b'"spans":[]}'):
            first += idle.recv(65536)
        service.process.terminate()
        sleep(0.2)
        half.sendall(b': "b"}')
        silent.sendall(request + b'{"text": "c"}')
        idle.sendall(request + b'{"text": "d"}')
        for connection in (half, silent, idle):
            with connection:
                answer = b"".join(iter(lambda: connection.recv(65536), b""))  # noqa: B023 - read at once
                assert answer.startswith(b"HTTP/1.1 200 ")
                assert b"connection: close" in answer
        assert service.process.wait(30) == 143


def test_a_socket_listens_on_a_free_port():
    with listen("127.0.0.1", 0) as listening:
        assert address_of(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"
        port = listening.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"^--host 127\.0\.0\.1 --port {port}: .*expected .* a free port"):
            listen("127.0.0.1", port)


def test_an_answer_does_not_wait_for_acknowledgements():
    """asyncio does not see to it, because the socket does not name its protocol."""
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()[:2]):
        with listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_address_of_version_6():
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        listening = listen("::1", 0)
    except ConfigError:
        pytest.skip("no IPv6 here")
    with listening:
        assert address_of(listening).startswith("http://[::1]:")


def test_an_unknown_host():
    with pytest.raises(ConfigError, match=r"^--host no\.such\.invalid --port 0: "):
        listen("no.such.invalid", 0)
