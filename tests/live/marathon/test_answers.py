"""What an answer has to be to count as one."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from lbgen.live.marathon.answers import read_app, read_apps
from lbgen.live.marathon.exchange import Answer
from lbgen.live.marathon.unusable import Unusable

WEB = {"id": "/web", "tasks": []}


def answer(content: bytes, status: int = 200, kind: str = "application/json") -> Answer:
    response: Any = SimpleNamespace(status_code=status, reason="", headers={"Content-Type": kind})
    return Answer(response, content)


@pytest.mark.parametrize(
    "text",
    ['{"apps": []}', '{"apps": [{"id": "/ä", "tasks": []}], "more": 1}', '{"apps":[{"tasks":[],"id":"\\ud800"}]}'],
)
def test_list_of_apps_is_given_as_it_came(text: str) -> None:
    assert read_apps(answer(text.encode())) == (text, json.loads(text))
    assert read_apps(answer(b"\xef\xbb\xbf" + text.encode())) == (text, json.loads(text))


@pytest.mark.parametrize("lacking", [{"id": "/other"}, {"id": "/other", "tasks": None}])
def test_app_without_tasks_among_others_has_none(lacking: dict[str, Any]) -> None:
    text, value = read_apps(answer(json.dumps({"apps": [WEB, lacking, "no app"]}).encode()))
    assert json.loads(text) == value == {"apps": [WEB, {"id": "/other", "tasks": []}, "no app"]}


@pytest.mark.parametrize("apps", [[{"id": "/a"}], [{"id": "/a", "tasks": None}], [7, None]])
def test_apps_that_all_lack_their_tasks_are_refused(apps: list[Any]) -> None:
    with pytest.raises(Unusable, match=r"^answers with apps and without their tasks$"):
        read_apps(answer(json.dumps({"apps": apps}).encode()))


def test_app_is_the_one_that_was_asked_for() -> None:
    text = json.dumps({"app": WEB})
    assert read_app(answer(text.encode()), "/web") == (text, {"app": WEB})
    others: tuple[dict[str, Any], ...] = ({"app": {**WEB, "id": "/web2"}}, {"app": None}, {"tasks": []})
    for other in others:
        with pytest.raises(Unusable, match=r"^answers without the app that it was asked for$"):
            read_app(answer(json.dumps(other).encode()), "/web")
    with pytest.raises(Unusable, match=r"^answers with the app and without its tasks$"):
        read_app(answer(b'{"app": {"id": "/web"}}'), "/web")


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (b"", "application/json", "answers with nothing"),
        (b"<html>", "application/json", "answers with a page for people, as a proxy or a login would"),
        (b"Sign in", "text/html; charset=utf-8", "answers with a page for people, as a proxy or a login would"),
        (b"Sign in", "text/plain", "answers with JSON that is broken, or breaks off"),
        (b'{"apps": [', "application/json", "answers with JSON that is broken, or breaks off"),
        (b"[" * 100_000, "application/json", "answers with JSON that is broken, or breaks off"),
        (b'"apps"', "application/json", "answers without a list of apps"),
        (b"\xff\xfe{\x00", "application/json", "answers in what is not UTF-8"),
    ],
)
def test_anything_else_is_refused_with_a_reason(content: bytes, kind: str, reason: str) -> None:
    with pytest.raises(Unusable) as caught:
        read_apps(answer(content, kind=kind))
    assert str(caught.value) == reason


def test_status_counts() -> None:
    with pytest.raises(Unusable, match=r"^answers 203$"):
        read_apps(answer(b'{"apps": []}', 203))


def test_what_the_package_may_print_is_nothing() -> None:
    given = answer(b'{"env": {"PASSWORD": "secret"}}')
    assert not given.text
    assert given.json() == {"env": {"PASSWORD": "secret"}}
    assert answer(b"[1]").json() == {}
    assert answer(b"{").json() == {}
