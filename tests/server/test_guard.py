"""Who may ask, what may be sent, and what is answered to everything else."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from lbgen.server.http.app import Api
from lbgen.server.http.guard import Guard
from lbgen.server.refusals import Refusal
from tests.server.documents import pool

if TYPE_CHECKING:
    from lbgen.server.server import Server

TOKEN = "correct-horse"


def client_of(server: Server, base_url: str = "http://localhost", **guard: Any) -> TestClient:
    return TestClient(Api(server, Guard(**guard)), base_url=base_url)


@pytest.mark.parametrize("header", [f"token={TOKEN}", f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Token={TOKEN}"])
def test_a_token_lets_in(server: Server, header: str) -> None:
    client = client_of(server, token=TOKEN)
    assert client.get("/ping", headers={"Authorization": header}).status_code == 200


def test_a_token_may_be_in_a_header_of_its_own(server: Server) -> None:
    client = client_of(server, token=TOKEN)
    assert client.get("/ping", headers={"token": TOKEN}).status_code == 200
    assert client.get("/ping", headers={"token": "another"}).status_code == 401
    assert client.get(f"/ping?token={TOKEN}").status_code == 401


@pytest.mark.parametrize(
    "header", ["", TOKEN, "token=", "Bearer", f"Basic {TOKEN}", f"token={TOKEN}x", "token=\xe9", f"token {TOKEN[:-1]}"]
)
def test_nobody_else_gets_in(server: Server, header: str) -> None:
    client = client_of(server, token=TOKEN)
    for path in ("/ping", "/v2/pools", "/nowhere", "/openapi.json"):
        reply = client.get(path, headers={b"Authorization": header.encode("latin-1")} if header else {})
        assert (reply.status_code, reply.json()["code"]) == (401, 401)
        assert reply.headers["www-authenticate"] == "Bearer"
        assert TOKEN not in reply.text


@pytest.mark.parametrize("host", ["localhost", "localhost:5555", "127.0.0.1:5555", "[::1]:5555", "[::1]", "lb.test:1"])
def test_own_names_are_answered(server: Server, host: str) -> None:
    client = client_of(server, hosts=frozenset({"lb.test"}))
    assert client.get("/ping", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.test", "evil.test:5555", "localhost.evil.test", "127.0.0.1.evil.test"])
def test_other_names_are_not(server: Server, host: str) -> None:
    assert client_of(server).get("/v2/pools", headers={"Host": host}).status_code == 403
    allowed = {"Host": host, "Authorization": f"token={TOKEN}"}
    assert client_of(server, token=TOKEN).get("/v2/pools", headers=allowed).status_code == 200


def test_what_names_no_host_is_no_browser() -> None:
    request = Request({"type": "http", "method": "GET", "path": "/ping", "headers": []})
    Guard().admit(request)
    with pytest.raises(Refusal):
        Guard(token=TOKEN).admit(request)


def test_a_length_that_is_said_twice_is_refused(client: TestClient) -> None:
    headers = {"Content-Length": "2", "Transfer-Encoding": "chunked"}
    reply = client.post("/v2/pools", content=b"{}", headers=headers)
    assert (reply.status_code, reply.json()["message"]) == (400, "the length of the body is said twice")
    assert reply.headers["connection"] == "close"


def test_a_request_to_a_proxy_is_taken(server: Server) -> None:
    api = Api(server, Guard())
    for path, expected in (("http://localhost:5555/ping", b"/ping"), ("HTTPS://x/service/edgelb/ping", b"/ping")):
        request = Request({"type": "http", "method": "GET", "path": path, "headers": []})
        assert api._path(request) == expected


def test_pages_of_others_change_nothing(client: TestClient) -> None:
    evil = {"Origin": "http://evil.test"}
    assert client.post("/v2/pools", json=pool(), headers=evil).status_code == 403
    assert client.get("/v2/pools", headers=evil).json() == []
    assert client.post("/v2/pools", json=pool(), headers={"Origin": "http://localhost"}).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1,]", b"nul", b"NaN", b'{"a": "\\ud800"}', b"\xff\xfe", b"\x1f\x8b\x08"]
)
def test_what_is_no_json(client: TestClient, body: bytes) -> None:
    reply = client.post("/v2/pools", content=body)
    assert (reply.status_code, reply.json()["code"]) == (400, 400)


@pytest.mark.parametrize("open_", [b"[", b'{"a":'])
@pytest.mark.parametrize("levels", [65, 500, 100_000])
def test_what_is_nested_too_deep(client: TestClient, open_: bytes, levels: int) -> None:
    close = b"]" if open_ == b"[" else b"}"
    reply = client.post("/v2/pools", content=open_ * levels + b"1" + close * levels)
    assert reply.status_code == 400


def test_what_is_too_long(server: Server) -> None:
    client = client_of(server, most_bytes=2000)
    long = json.dumps(pool(note="x" * 3000)).encode()
    assert client.post("/v2/pools", content=long).json()["code"] == 413
    in_pieces = client.post("/v2/pools", content=iter([long[:1500], long[1500:]]))
    assert (in_pieces.status_code, in_pieces.headers["connection"]) == (413, "close")
    assert client.post("/v2/pools", json=pool()).status_code == 200


def test_what_never_comes(server: Server) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        await asyncio.sleep(60)

    path = "/v2/pools"
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": [(b"host", b"localhost")]}
    asyncio.run(Api(server, Guard(slowest=0.05))(scope, receive, send))
    assert sent[0]["status"] == 408


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/v2", "/v2/pools/", "/v2//pools", "/v2/pools/a/b", "/v3/pools", "//", "/v2/pools/%ff", "/V2/pools"],
)
def test_unknown_paths(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert (reply.status_code, reply.json()["code"]) == (404, 404)
    assert reply.json()["message"].startswith("path /")


@pytest.mark.parametrize("name", ["..", "%2e%2e", "a%2Fb", "..%2F..%2Fetc%2Fpasswd", "%00", "a%0Ab", "x" * 5000, "é"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_tricks_in_names(client: TestClient, method: str, name: str) -> None:
    # The client itself resolves what stands for the directory above, unless it is encoded.
    reply = client.request(method, f"/v2/pools/{name.replace('..', '%2e%2e')}")
    assert reply.status_code in {404, 405}
    assert reply.json()["code"] == reply.status_code
    assert len(reply.content) < 1000


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/ping", "GET, HEAD"), ("/v2/pools", "GET, HEAD, POST"), ("/v2/pools/x", "DELETE, GET, HEAD, PUT")],
)
def test_unknown_methods(client: TestClient, path: str, allowed: str) -> None:
    for method in ("PATCH", "OPTIONS", "BREW"):
        reply = client.request(method, path)
        assert (reply.status_code, reply.json()["code"], reply.headers["allow"]) == (405, 405, allowed)


def test_a_mistake_of_its_own_is_a_500(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(server.pools, "all", fail)
    reply = client_of(server).get("/v2/pools")
    assert (reply.status_code, reply.json()["code"]) == (500, 500)
    assert "ZeroDivision" not in reply.text


def test_head_is_get_without_a_body(client: TestClient) -> None:
    assert client.head("/v2/pools").status_code == 200
