"""What is no HTTP, or hardly any, is answered or hung up on at once, and harms nobody."""

from __future__ import annotations

import json
import random
import re
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from tests.server.documents import pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.server.process import Process

HOST = b"Host: localhost\r\n"
GET = b"GET /ping HTTP/1.1\r\n" + HOST
POST = b"POST /v2/pools HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
END = b"\r\n"

# By the status of the answer; 0 is none: whoever says nothing whole is hung up on.
REQUESTS = {
    0: [b"", b"GET /ping\r\n", b"POST /v2/pools HT", GET],
    200: [
        GET + END,
        b"GET /ping HTTP/1.0\r\n\r\n",
        b"GET /ping HTTP/9.9\r\n" + HOST + END,
        b"GET /ping HTTP/1.1\nHost: localhost\n\n",
        b"GET http://localhost/ping HTTP/1.1\r\n" + HOST + END,
        b"GET /%70ing?%00 HTTP/1.1\r\n" + HOST + END,
        GET + b"X: a\r\n folded\r\n\r\n",
        GET + b"X: \xff\xfe\r\n\r\n",
        GET + b"Content-Length: 5\r\n\r\nhello",
        GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n",
        GET + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n",
    ],
    400: [
        b"\0" * 100,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500,
        b"GET /ping\r\n\r\n",
        b"\r\n",
        b"\r\n\r\n" + GET + END,
        b"GET /a b HTTP/1.1\r\n" + HOST + END,
        b"GET /\xff HTTP/1.1\r\n" + HOST + END,
        b"GET /\0 HTTP/1.1\r\n" + HOST + END,
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HOST + END,
        b"GET /ping HTTP/1.1\r\n\r\n",
        GET + HOST + END,
        GET + b"x y: z\r\n\r\n",
        GET + b"X: a\0b\r\n\r\n",
        GET + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
        GET + b"".join(b"X-%d: a\r\n" % number for number in range(20_000)) + END,
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: +5\r\n\r\nhello",
        POST + b"Content-Length: abc\r\n\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: 100\r\n\r\n{",
        POST + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        POST + b"Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}",
        POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: nonsense\r\n\r\n",
        CHUNKED + b"zz\r\n",
        CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n",
        CHUNKED + b"ffffffffffffffffffff\r\n",
        CHUNKED + b"2\r\n{}",
        CHUNKED + b"2\r\n{}\r\n0\r\nX: a",
        CHUNKED + b"2;a=b\r\n{}\r\n0\r\n\r\n",
    ],
    403: [b"GET /ping HTTP/1.1\r\nHost:\r\n\r\n", b"GET /ping HTTP/1.1\r\nHost: evil.test\r\n\r\n"],
    405: [b"get /ping HTTP/1.1\r\n" + HOST + END, b"A" * 5000 + b" /ping HTTP/1.1\r\n" + HOST + END],
    413: [
        POST + b"Content-Length: 99999999999999999999\r\n\r\n",
        CHUNKED + b"500000\r\n" + b" " * 0x500000 + b"\r\n0\r\n\r\n",
    ],
}
NAMES = (
    *(b"%2e%2e", b"..", b".", b"%00", b"a%00b", b"%2f", b"a%2fb", b"%2e%2e%2fping-lb", b"ping-lb%2f", b"ping-lb%00"),
    *(b"%c0%ae%c0%ae", b"%ff", b"%ed%a0%80", b"%e2%80%ae", b"%F0%9F%98%80", b"%0d%0aX:y", b"a%0ab", b"ping-lb%20"),
    *(b";", b"ping-lb;x", b"%", b"%zz", b"%25", b"%2525", b"ping-lb%3fx", b"ping-lb#x", b"\\..\\", b"*", b"{name}"),
    *(b"ping-lb/", b"/ping-lb", b"./ping-lb", b"x/../ping-lb", b"'%20or%201=1", b"a" * 300, b"a" * 3000, b"PING-LB"),
)
PATHS = (
    *(b"//ping", b"/ping/", b"/./ping", b"/v2/../ping", b"/v2//pools", b"/ping;x", b"/ping%2f", b"ping", b"*"),
    *(b"/service/edgelb//ping", b"/service/edgelb/../../ping", b"/service/edgelbping", b"/service%2fedgelb/ping"),
    *(b"/service/edgelb/service/edgelb/ping", b"/PING", b"/v2/pools/ping-lb/../../ping", b"http://localhost"),
)
_HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) [^\r\n]+\r\n(?:[^\r\n]+\r\n)*\r\n")


def answered(server: Process, request: bytes) -> bytes:
    """All that comes back, until the server hangs up; `request` is all that is said."""
    where = urlsplit(server.url)
    said = b""
    with socket.create_connection((where.hostname, where.port), timeout=120) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            # It has hung up already, and what it said may be there all the same.
            pass
        try:
            while piece := connection.recv(65536):
                said += piece
        except ConnectionResetError:
            pass
    return said


def status(said: bytes) -> int:
    """The status of the first answer, whose error is JSON; 0 where there is none."""
    head = _HEAD.match(said)
    if head is None:
        assert not said
        return 0
    found = int(head[1])
    if found >= 400:
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)\r\n", head[0])
        assert length is not None
        value = json.loads(said[head.end() : head.end() + int(length[1])])
        assert value["code"] == found
        assert value["message"]
    return found


@pytest.fixture
def server(start: Callable[..., Process]) -> Process:
    server = start()
    assert requests.post(f"{server.url}/v2/pools", json=pool(), timeout=60).status_code == 200
    return server


def unharmed(server: Process) -> None:
    """It is there, with its pool, and has failed nowhere."""
    assert [each["name"] for each in requests.get(f"{server.url}/v2/pools", timeout=60).json()] == ["ping-lb"]
    assert "Traceback" not in server.log
    assert server.process.poll() is None


def test_what_is_hardly_http(server: Process) -> None:
    wrong = [
        (request[:80], found)
        for expected, all_ in REQUESTS.items()
        for request in all_
        # Where much is still on its way, the answer may be lost with it.
        if (found := status(answered(server, request))) not in {expected, 0 if len(request) > 100_000 else expected}
    ]
    assert wrong == []
    unharmed(server)


def test_tricks_in_paths_lead_nowhere(server: Process) -> None:
    paths = [(b"/v2/pools/%b%b" % (name, behind)) for name in NAMES for behind in (b"", b"/lbconfig")]
    for path in (*paths, *PATHS):
        for method in (b"GET", b"DELETE"):
            said = answered(server, b"%b %b HTTP/1.1\r\nAccept: application/json\r\n%b\r\n" % (method, path, HOST))
            expected = {404, 405} if b"lbconfig" in path else {404}
            assert status(said) in expected, (method, path[:80], said[:200])
    unharmed(server)


def test_requests_behind_each_other_are_all_answered(server: Process) -> None:
    said = answered(server, (GET + END) * 50)
    assert said.count(b"HTTP/1.1 200 OK\r\n") == said.count(b"\r\n\r\npong") == 50
    unharmed(server)


def test_whoever_says_no_more_hears_the_answer(server: Process) -> None:
    body = json.dumps(pool(count=3)).encode()
    head = b"PUT /v2/pools/ping-lb HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n" % (HOST, len(body))
    assert status(answered(server, head + body)) == 200
    assert requests.get(f"{server.url}/v2/pools/ping-lb", timeout=60).json()["count"] == 3
    # What is not all there is not done.
    body = json.dumps(pool(count=4)).encode()
    for cut in range(1, len(body), len(body) // 7):
        assert status(answered(server, head + body[:-cut])) == 400
    assert requests.get(f"{server.url}/v2/pools/ping-lb", timeout=60).json()["count"] == 3
    unharmed(server)


def mangled(chance: random.Random, request: bytes) -> bytes:
    """The request with a few bytes changed, left out, doubled, or moved."""
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(request) + 1), chance.choice([0, 1, 1, 2, 8])
        put = chance.choice([b"", b"\0", b"\r\n", b"\n", b" ", b":", b"%", b"\xff", b"0", request[at : at + 16]])
        request = request[:at] + put + request[at + length :]
    return request


def test_mangled_requests(server: Process) -> None:
    chance = random.Random(7)
    body = json.dumps({"name": "Not-A-Name"}).encode()
    wholes = [
        GET + b"Accept: */*\r\n\r\n",
        POST + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body),
        CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body),
        b"PUT /v2/pools/ping-lb/lbtemplate HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\n{{ ",
    ]
    for number in range(400):
        request = mangled(chance, wholes[number % len(wholes)])
        said = answered(server, request)
        found = _HEAD.match(said)
        assert (found is None and not said) or (found is not None and int(found[1]) < 500), (request, said[:200])
    unharmed(server)
