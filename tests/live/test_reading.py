"""Apps out of replies: each is read once, and again only when it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from lbgen.live.contract import Reply, SourceError
from lbgen.live.fleet import Knowledge
from lbgen.live.reading import read_app, read_fleet
from lbgen.live.state import State, States
from tests.live.cluster import app, fleet, reply

if TYPE_CHECKING:
    from lbgen.live.contract import Source


def test_apps_are_named_after_where_they_can_be_seen() -> None:
    entry = fleet(app("shop/web"))["/shop/web"]
    assert entry.app is not None
    assert entry.app.ref.document == "http://marathon:8080/v2/apps/shop/web"
    assert entry.app.ref.pointer == "/app"


def test_what_has_not_changed_is_not_read_again() -> None:
    before = fleet(app("a"), app("b"))
    after = fleet(app("b"), app("a", tasks=2), known=before)
    assert after["/b"] is before["/b"]
    assert after["/a"] is not before["/a"]


def test_tasks_and_instances_leave_the_digest_alone() -> None:
    scaled = app("a", tasks=3) | {"instances": 3, "versionInfo": {"lastScalingAt": "2026-01-01T00:00:00Z"}}
    assert fleet(app("a"))["/a"].digest == fleet(scaled)["/a"].digest
    assert fleet(app("a"))["/a"].digest != fleet(app("a", HAPROXY_0_STICKY="true"))["/a"].digest


def test_an_app_without_tasks_has_none() -> None:
    given = app("a")
    del given["tasks"]
    entry = fleet(given)["/a"]
    assert entry.app is not None
    assert entry.app.tasks == []


def test_one_that_cannot_be_read_harms_nobody() -> None:
    found = fleet(app("a"), {"id": "/b", "labels": 7}, {"labels": {}}, app("c"))
    assert [entry.app is not None for entry in found.values()] == [True, False, False, True]
    assert found["/b"].findings


@pytest.mark.parametrize("text", ["", "<html>", "[]", '{"apps": 1}', '{"message": "no"}', "[" * 100_000])
def test_what_is_no_list_of_apps_is_no_answer(text: str) -> None:
    with pytest.raises(SourceError, match="http://m answers, but not"):
        read_fleet(Reply(text, "http://m", 0.0), {})


def test_a_reply_about_one_app() -> None:
    said = Reply('{"app": {"id": "/a", "labels": {}}}', "http://m", 0.0)
    assert read_app(said, {}).app_id == "/a"
    with pytest.raises(SourceError, match="not with an app"):
        read_app(reply([]), {})


def test_an_answer_about_another_app_than_was_asked_for_is_none() -> None:
    class Confused:
        def fetch_app(self, _: str) -> Reply:
            return Reply('{"app": {"id": "/b", "labels": {}}}', "http://m", 0.0)

    knowledge = Knowledge(cast("Source", Confused()))
    with pytest.raises(SourceError, match="asked for the app /a, and tells of another"):
        knowledge.fetch_apps(["/a"], States(State(started=0.0)))
    assert not knowledge.fleet
