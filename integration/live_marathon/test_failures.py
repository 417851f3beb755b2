"""Every way in which an endpoint fails: the next one is asked, and where there is none, why is told in words."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from integration.live_marathon.reaching import NOBODY, WEB, source
from integration.marathon_stub import Marathon, faults, run_marathon
from lbgen.live.contract import SourceError

if TYPE_CHECKING:
    from integration.marathon_stub.faults import Fault

TOTAL_SECONDS = 20
LIMITS: dict[str, Any] = {"read_seconds": 10, "total_seconds": TOTAL_SECONDS, "most_bytes": 8 * 1024 * 1024}
SILENT = "falls silent"
ENDLESS = f"takes longer than {TOTAL_SECONDS} s"
BROKEN_OFF = "breaks off in the middle of its answer"
NO_JSON = "answers with JSON that is broken, or breaks off"
NO_LIST = "answers without a list of apps"
PAGE = "answers with a page for people, as a proxy or a login would"

FAULTS: dict[str, tuple[Fault, str]] = {
    "hangs": (faults.hang(), SILENT),
    "hangs in the head": (faults.hang_in_head(), SILENT),
    "hangs in the body": (faults.hang_in_body(), SILENT),
    "drips the head": (faults.drip_head(), ENDLESS),
    "drips the body": (faults.drip(), ENDLESS),
    "says nothing": (faults.nothing(), "closes the connection without an answer"),
    "resets": (faults.reset(), "resets the connection"),
    "is no HTTP": (faults.gibberish(), "does not speak HTTP"),
    "half by length": (faults.half(), BROKEN_OFF),
    "half a chunk": (faults.half_chunked(), BROKEN_OFF),
    "half the gzip": (faults.half_gzip(), BROKEN_OFF),
    "half the JSON": (faults.half_without_length(), NO_JSON),
    "500": (faults.status(500), "answers 500"),
    "503 with a page": (faults.status(503, b"<html>", "text/html"), "answers 503"),
    "503 with apps": (faults.status(503, b'{"apps": []}'), "answers 503"),
    "401": (faults.status(401), "wants credentials (401)"),
    "403": (faults.status(403), "does not let this user see the apps (403)"),
    "404": (
        faults.status(404, b'{"message": "Not found"}'),
        "answers 404: this is no Marathon, or its path is another",
    ),
    "418 with a list": (faults.status(418, b"[1]"), "answers 418"),
    "204": (faults.status(204, b""), "answers 204"),
    "302 without a word": (faults.status(302), "answers 302, and not where to go"),
    "302 to nowhere": (faults.redirect("mailto:somebody"), "redirects to what is no address"),
    "302 to itself": (faults.redirect("/v2/apps"), "redirects again and again"),
    "302 to nobody": (faults.redirect(f"{NOBODY}/v2/apps"), "refuses the connection"),
    "a page": (faults.html(), PAGE),
    "a page that says JSON": (faults.body(b"\n<html>"), PAGE),
    "empty": (faults.body(b""), "answers with nothing"),
    "blank": (faults.body(b" \n"), "answers with nothing"),
    "broken JSON": (faults.body(b'{"apps": [}'), NO_JSON),
    "deep JSON": (faults.body(b"[" * 100_000), NO_JSON),
    "not a number": (faults.body(b'{"apps": NaN'), NO_JSON),
    "not UTF-8": (faults.body(b'{"apps": ["\xff"]}'), "answers in what is not UTF-8"),
    "not gzip": (faults.broken_gzip(), "sends what should be gzip and is not"),
    "another encoding": (faults.encoded("br"), "answers in an encoding that it was not asked for"),
    "a list": (faults.body(b"[]"), NO_LIST),
    "no apps": (faults.body(b"{}"), NO_LIST),
    "null for apps": (faults.apps(None), NO_LIST),
    "an object of apps": (faults.apps({"/a": {}}), NO_LIST),
    "apps without tasks": (faults.apps([{"id": "/a"}]), "answers with apps and without their tasks"),
    "endless": (faults.endless(), "sends more than 8 MiB"),
    "a bomb": (faults.bomb(16), "sends more than 8 MiB"),
}
ODD_IDS = ["/a/tasks", "/a/versions", "/a/versions/1", "/UPPER/Case", "/a b", "/a%2Fb", "/a/../b", "/ä", "/a?b#c"]


def asked_alone(fault: Fault) -> str:
    """What is told of the one endpoint that there is."""
    with run_marathon() as bad:
        bad.fail(fault)
        try:
            return source(bad, **LIMITS).fetch().text
        except SourceError as error:
            return str(error).replace(bad.url, "it")


def asked_first(fault: Fault, good: Marathon) -> list[str]:
    """The apps that are read, where another endpoint is good."""
    with run_marathon() as bad:
        bad.deploy({"id": "/of-the-bad"})
        bad.fail(fault)
        reply = source(bad, good, **LIMITS).fetch()
        assert reply.endpoint == good.url
        return [app["id"] for app in json.loads(reply.text)["apps"]]


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[str, list[str]]]:
    """What came of each fault, all of them tried side by side, as most of the time is spent waiting."""
    with run_marathon() as good, ThreadPoolExecutor(2 * len(FAULTS)) as pool:
        good.deploy(WEB)
        alone = {name: pool.submit(asked_alone, fault) for name, (fault, _) in FAULTS.items()}
        first = {name: pool.submit(asked_first, fault, good) for name, (fault, _) in FAULTS.items()}
        return {name: (alone[name].result(), first[name].result()) for name in FAULTS}


@pytest.mark.parametrize("name", FAULTS)
def test_reason_is_told_and_the_next_is_asked(outcomes: dict[str, tuple[str, list[str]]], name: str) -> None:
    alone, first = outcomes[name]
    assert alone == f"it {FAULTS[name][1]}"
    assert first == ["/web"]


class TestFailOver:
    def test_tells_of_each_endpoint(self, marathon: Marathon) -> None:
        marathon.fail(faults.status(503))
        with pytest.raises(SourceError) as caught:
            source(NOBODY, marathon).fetch()
        assert str(caught.value) == f"{NOBODY} refuses the connection; {marathon.url} answers 503"

    def test_asks_the_last_good_one_first(self, marathon: Marathon) -> None:
        with run_marathon() as first:
            first.fail(faults.status(503), times=1)
            asked = source(first, marathon)
            assert [asked.fetch().endpoint for _ in range(3)] == [marathon.url] * 3
            assert len(first.requests) == 1
            marathon.stop()
            assert asked.fetch().endpoint == first.url

    def test_one_that_comes_back_is_good_again(self, marathon: Marathon) -> None:
        asked = source(marathon)
        asked.fetch()
        marathon.stop()
        with pytest.raises(SourceError, match="refuses the connection"):
            asked.fetch()
        marathon.start()
        assert json.loads(asked.fetch().text)["apps"][0]["id"] == "/web"

    def test_connection_that_was_closed_meanwhile_is_no_failure(self, marathon: Marathon) -> None:
        asked = source(marathon)
        asked.fetch()
        marathon.fail(faults.nothing(), times=1)
        assert asked.fetch().endpoint == marathon.url

    def test_unknown_name(self) -> None:
        with pytest.raises(SourceError, match=r"has a name that cannot be resolved$"):
            source("http://no-such-host.invalid:8080").fetch()

    def test_empty_list_is_an_answer(self, marathon: Marathon) -> None:
        marathon.delete("/web")
        assert source(marathon).fetch().text == '{"apps": []}'


class TestOneApp:
    def test_comes_with_its_tasks(self, marathon: Marathon) -> None:
        reply = source(marathon).fetch_app("/web")
        assert reply is not None
        app = json.loads(reply.text)["app"]
        assert (app["id"], len(app["tasks"]), reply.endpoint) == ("/web", 2, marathon.url)

    def test_that_is_not_there_is_none(self, marathon: Marathon) -> None:
        assert source(marathon).fetch_app("/gone") is None

    def test_404_that_is_not_of_marathon_is_a_failure(self, marathon: Marathon) -> None:
        with run_marathon() as other:
            other.fail(faults.status(404, b"<html>404</html>", "text/html"))
            reply = source(other, marathon).fetch_app("/web")
        assert reply is not None
        assert reply.endpoint == marathon.url

    @pytest.mark.parametrize(
        "app_id",
        ["/a/tasks", "/a/versions", "/a/versions/1", "/UPPER/Case", "/a b", "/a%2Fb", "/a/../b", "/ä", "/a?b#c"],
    )
    def test_may_have_any_id(self, marathon: Marathon, app_id: str) -> None:
        marathon.deploy({**WEB, "id": "/a"})
        marathon.deploy({**WEB, "id": f"{app_id}2"})
        assert source(marathon).fetch_app(app_id) is None
        marathon.deploy({**WEB, "id": app_id})
        reply = source(marathon).fetch_app(app_id)
        assert reply is not None
        assert json.loads(reply.text)["app"]["id"] == app_id
        assert len(json.loads(reply.text)["app"]["tasks"]) == 2
