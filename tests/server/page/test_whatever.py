"""Whatever a pool holds, and whatever is asked for: pages are whole, and hold nothing but what lbgen put there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from lbgen.pipeline.pools import PoolOptions
from lbgen.server.http.app import Api
from lbgen.server.http.guard import Guard
from lbgen.server.refusals import Refusal
from lbgen.server.running import Nobody
from lbgen.server.server import Server
from lbgen.server.tasks import Files
from tests.server.documents import pool
from tests.server.page.conftest import BROWSER
from tests.server.page.elements import read

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = """
    html head meta title link body a header nav ol li span main h1 h2 h3 p div ul section dl dt dd article table caption
    thead tbody tr th td code wbr strong details summary footer
"""
TAGS = frozenset(OURS.split())
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["<script>", "</td>", '"><b>', "' onclick='x", "{{ 1 }}", "&#60;", "]]>", "<!--", "\u202e", "\x7f", "javascript:x"]
)
PAGES = ("/", "/page/pool?name=x", "/page/config?name=x", "/page/document?name=x")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("data"), Files(), Nobody(), PoolOptions())
    made.pools.create("V2", pool("x"))
    yield made
    made.close()


@given(variables=st.dictionaries(TEXTS, TEXTS, max_size=3), route=TEXTS, line=TEXTS, task=TEXTS)
@settings(max_examples=40, deadline=None)
def test_pools(server: Server, variables: dict[str, str], route: str, line: str, task: str) -> None:
    document = pool("x", environmentVariables=variables)
    document["haproxy"]["frontends"][0]["linkBackend"]["map"] = [{"backend": "ping", "pathBeg": route or "/"}]
    document["haproxy"]["backends"][0]["miscStrs"] = [line]
    document["haproxy"]["backends"][0]["services"][0]["marathon"]["serviceID"] = f"/{task}"
    event(f"accepted: {accepted(server, document)}")
    client = TestClient(Api(server, Guard()), base_url="http://localhost")
    for path in PAGES:
        reply = client.get(path, headers=BROWSER)
        assert reply.status_code == 200
        only_what_is_meant(reply.text)


@given(page=st.sampled_from(["pool", "config", "document", "template", "haproxy.cfg"]) | TEXTS, name=TEXTS, line=TEXTS)
@settings(max_examples=60, deadline=None)
def test_questions(server: Server, page: str, name: str, line: str) -> None:
    assume(page not in {".", ".."})
    assume("/" not in page)
    client = TestClient(Api(server, Guard()), base_url="http://localhost")
    reply = client.get(
        f"/page/{quote(page, safe='')}", params={"name": name, "line": line, "text": line}, headers=BROWSER
    )
    assert reply.status_code in {200, 404}
    only_what_is_meant(reply.text)


def accepted(server: Server, document: dict[str, Any]) -> bool:
    """Whether the pool is taken; else the one from before is looked at."""
    try:
        server.pools.upsert("V2", [document])
    except Refusal:
        return False
    return True


def only_what_is_meant(html: str) -> None:
    page = read(html)
    assert {each.tag for each in page.all()} <= TAGS
    for each in page.all():
        assert not [name for name in each.attributes if name.startswith("on") or name == "style"]
        assert ":" not in each.attributes.get("href", "").partition("?")[0]
