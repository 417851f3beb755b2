"""Which requests are answered with pages, who may look, and what a browser may do with them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from lbgen.server.http.app import Api
from lbgen.server.http.guard import Guard
from tests.server.documents import pool
from tests.server.page.conftest import BROWSER
from tests.server.page.elements import read

if TYPE_CHECKING:
    from lbgen.server.server import Server

TOKEN = "correct-horse"
PAGES = ("/", "/page/pool?name=ping-lb", "/page/config?name=ping-lb", "/page/document?name=ping-lb", "/page/style.css")


def basic(password: str, user: str = "anybody") -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


@pytest.fixture
def guarded(server: Server) -> TestClient:
    server.pools.create("V2", pool())
    return TestClient(Api(server, Guard(token=TOKEN)), base_url="http://localhost")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "", "text/*", "text/html;q=0", "text/html; q=0.0, */*"])
@pytest.mark.parametrize("path", ["/", "/service/edgelb", "/service/edgelb/"])
def test_programs_are_told_what_they_were_told_before(client: TestClient, path: str, accept: str) -> None:
    reply = client.get(path, headers={"Accept": accept}, follow_redirects=False)
    assert reply.status_code == 404
    assert reply.json() == {"code": 404, "message": f"path {path} was not found"}
    assert "content-security-policy" not in reply.headers


@pytest.mark.parametrize("accept", [BROWSER["Accept"], "text/html", "TEXT/HTML;q=0.5", "image/png, text/html"])
def test_browsers_get_a_page(client: TestClient, accept: str) -> None:
    for path in ("/", "/service/edgelb/"):
        reply = client.get(path, headers={"Accept": accept})
        assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert reply.headers["vary"] == "Accept, Authorization"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_done_but_looking(client: TestClient, method: str) -> None:
    assert client.request(method, "/", headers=BROWSER).json()["code"] == 404
    reply = client.request(method, "/page/pool?name=x", headers=BROWSER)
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD")


def test_a_length_that_is_said_twice_ends_the_connection(client: TestClient) -> None:
    headers = {**BROWSER, "Content-Length": "0", "Transfer-Encoding": "chunked"}
    reply = client.get("/", headers=headers)
    assert (reply.status_code, reply.headers["connection"]) == (400, "close")


def test_the_api_is_not_answered_with_pages(client: TestClient) -> None:
    for path in ("/v2/pools", "/config", "/openapi.json", "/ping", "/pages", "/pool"):
        assert "html" not in client.get(path, headers=BROWSER).headers["content-type"]


def test_without_its_last_slash_the_prefix_leads_to_the_one_with_it(client: TestClient) -> None:
    reply = client.get("/service/edgelb", headers=BROWSER, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (307, "edgelb/")
    assert read(client.get("/service/edgelb", headers=BROWSER).text).one("h1").text == "Pools"


@pytest.mark.parametrize("prefix", ["", "/service/edgelb"])
def test_links_are_relative_and_lead_somewhere(client: TestClient, prefix: str) -> None:
    assert client.post("/v2/pools", json=pool()).status_code == 200
    seen, waiting = set(), [f"{prefix}/"]
    while waiting:
        path = waiting.pop()
        reply = client.get(path, headers=BROWSER)
        assert reply.status_code == 200, path
        seen.add(path)
        if "html" in reply.headers["content-type"]:
            for link in read(reply.text).all("a", "link"):
                href = link.attributes["href"]
                assert not href.startswith("/")
                assert ":" not in href
                target = str(reply.url.join(href).copy_with(fragment=None)).removeprefix("http://localhost")
                if target not in seen and target not in waiting and "line=" not in target:
                    waiting.append(target)
    assert {f"{prefix}{path}" for path in PAGES} <= seen
    assert all(path.startswith(f"{prefix}/") for path in seen)


def test_a_browser_may_do_nothing_with_a_page_but_show_it(client: TestClient) -> None:
    for path in (*PAGES, "/page/nowhere"):
        headers = client.get(path, headers=BROWSER).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy == {
            "default-src": "'none'",
            "style-src": "'self'",
            "img-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cache-control"] == "private, no-cache"
        assert "access-control-allow-origin" not in headers


def test_no_page_holds_what_the_policy_forbids(client: TestClient) -> None:
    client.post("/v2/pools", json=pool())
    for path in PAGES[:-1]:
        page = read(client.get(path, headers=BROWSER).text)
        assert not page.all("script", "style", "iframe", "form", "object", "base")
        assert not [each for each in page.all() if each.attributes.keys() & {"style", "onclick", "onload"}]


def test_what_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/", headers=BROWSER)
    again = client.get("/", headers={**BROWSER, "If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    client.post("/v2/pools", json=pool())
    assert client.get("/", headers={**BROWSER, "If-None-Match": first.headers["etag"]}).status_code == 200


def test_head_is_the_same_without_the_page(client: TestClient) -> None:
    reply = client.head("/", headers=BROWSER)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "/page/pool?name=nowhere",
        "/page/config?name=",
        "/page/document",
        "/page/template?name=%00",
        "/page/pool.json?name=..%2F..",
        "/page/haproxy.cfg?name=x",
        "/page/nowhere",
        "/page/pool/",
        "/page/../page/nowhere",
        "/page/%70ool",
        "/page/base.html",
        "/page/%ff",
    ],
)
def test_what_is_not_there_is_a_page_too(client: TestClient, path: str) -> None:
    reply = client.get(path, headers=BROWSER)
    assert reply.status_code == 404
    page = read(reply.text)
    assert page.one("h1").text == "Not found"
    assert page.one("nav").one("a").attributes["href"] == "../"


def test_unknown_names_are_shown_as_text(client: TestClient) -> None:
    reply = client.get("/page/pool", params={"name": "<script>alert(1)</script>\u202e"}, headers=BROWSER)
    page = read(reply.text)
    assert "pool <script>alert(1)</script><U+202E> not found" in page.one("main").text
    assert not page.all("script")


def test_a_mistake_of_its_own_says_nothing_of_itself(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(server.pools, "all", fail)
    reply = TestClient(Api(server, Guard()), base_url="http://localhost").get("/", headers=BROWSER)
    assert reply.status_code == 500
    assert "a mistake of lbgen's" in read(reply.text).one("main").text
    assert "ZeroDivision" not in reply.text


@pytest.mark.parametrize("path", [*PAGES, "/page/nowhere"])
def test_with_a_token_nobody_looks_without_it(guarded: TestClient, path: str) -> None:
    given: list[dict[str, str]] = [{}, basic(""), basic("wrong"), basic(TOKEN[:-1]), basic("x", user=TOKEN)]
    given += [{"Authorization": "Basic"}, {"Authorization": "Basic ???"}, {"Authorization": f"Basic {TOKEN}"}]
    for headers in given:
        reply = guarded.get(path, headers=BROWSER | headers)
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"] == 'Basic realm="lbgen", charset="UTF-8"'
        page = read(reply.text)
        # Whatever else it asked for would be asked for with another window for the password.
        assert not page.all("link", "img")
        assert "ping" not in reply.text
        assert TOKEN not in reply.text


@pytest.mark.parametrize("path", PAGES)
def test_the_token_is_the_password(guarded: TestClient, path: str) -> None:
    for headers in (basic(TOKEN), basic(TOKEN, user=""), {"Authorization": f"token={TOKEN}"}):
        assert guarded.get(path, headers=BROWSER | headers).status_code == 200


@pytest.mark.parametrize("path", ["/ping", "/v2/pools", "/v2/pools/ping-lb", "/", "/nowhere"])
def test_the_api_takes_no_password(guarded: TestClient, path: str) -> None:
    """What a browser sends by itself, and pages of others have it send, changes nothing."""
    for method in ("GET", "POST", "PUT", "DELETE"):
        reply = guarded.request(method, path, headers=basic(TOKEN))
        assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")
    allowed = {"Authorization": f"token={TOKEN}"}
    assert [each["name"] for each in guarded.get("/v2/pools", headers=allowed).json()] == ["ping-lb"]


@pytest.mark.parametrize("path", PAGES)
def test_without_a_token_other_names_are_not_answered(client: TestClient, path: str) -> None:
    for host in ("evil.test", "127.0.0.1.evil.test"):
        assert client.get(path, headers=BROWSER | {"Host": host}).status_code == 403


def test_other_pages_link_here_and_no_more(client: TestClient) -> None:
    elsewhere = BROWSER | {"Sec-Fetch-Site": "cross-site"}
    assert client.get("/", headers=elsewhere | {"Sec-Fetch-Mode": "navigate"}).status_code == 200
    for mode in ("no-cors", "cors", "websocket"):
        assert client.get("/page/pool?name=x", headers=elsewhere | {"Sec-Fetch-Mode": mode}).status_code == 403
    own = BROWSER | {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors"}
    assert client.get("/page/style.css", headers=own).status_code == 200
