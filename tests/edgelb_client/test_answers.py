"""Which answers are good, which are refusals, and which are no answers of an Edge-LB."""

from __future__ import annotations

import pytest

from lbgen.edgelb_client.answers import Answer, RefusedError, judged
from lbgen.errors import LbgenError, ToolError

JSON, TEXT, HTML = "application/json", "text/plain; charset=utf-8", "text/html"


def answer(status: int, content: str = "", kind: str = JSON, location: str = "") -> Answer:
    return Answer("http://lb", status, kind, content.encode(), location)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            answer(409, '{"code": 409, "message": "pool web already exists"}'),
            RefusedError,
            "pool web already exists (409)",
        ),
        (answer(422, '{"code": 602, "message": "name is required"}'), RefusedError, "name is required (422, code 602)"),
        (answer(404, "pool web not found", TEXT), RefusedError, "pool web not found (404)"),
        (answer(400), RefusedError, "it gives no reason (400)"),
        (answer(400, '{"code": "x", "message": 1}'), RefusedError, "it gives no reason (400)"),
        (answer(400, "[1]"), RefusedError, "it gives no reason (400)"),
        (answer(401, '{"code": 401, "message": "x"}'), ToolError, "http://lb wants a token (401)"),
        (answer(403, '{"message": "not you"}'), ToolError, "http://lb does not allow this: not you (403)"),
        (answer(403, "<html>", HTML), ToolError, "http://lb does not allow this (403)"),
        (answer(404, "<html>", HTML), ToolError, "http://lb answers with an HTML page (404)"),
        (answer(200, "<html>", HTML), ToolError, "http://lb answers with an HTML page (200)"),
        (answer(502, " <!DOCTYPE html>", ""), ToolError, "http://lb answers with an HTML page (502)"),
        (
            answer(500, '{"code": 500, "message": "could not acquire state lock"}'),
            ToolError,
            "http://lb cannot do it: could not acquire state lock (500)",
        ),
        (answer(302, location="https://sso/"), ToolError, "http://lb redirects to https://sso/"),
        (answer(206, "x"), ToolError, "http://lb answers 206"),
    ],
)
def test_judged(given: Answer, error: type[LbgenError], message: str) -> None:
    with pytest.raises(error) as raised:
        judged(given, token=False)
    assert str(raised.value) == message


def test_a_token_that_is_not_accepted() -> None:
    with pytest.raises(ToolError, match="does not accept the token"):
        judged(answer(401), token=True)


@pytest.mark.parametrize("good", [answer(200, "{}"), answer(204), answer(200, "<{ a template }>", TEXT)])
def test_good_ones_pass(good: Answer) -> None:
    assert judged(good, token=False) is good


@pytest.mark.parametrize("content", ["", "{", "NaN", "[" * 100_000])
def test_no_json(content: str) -> None:
    with pytest.raises(ToolError, match="answers with what is no JSON"):
        answer(200, content).json()


def test_no_object() -> None:
    with pytest.raises(ToolError, match="other JSON than Edge-LB"):
        answer(200, "[]").object()


def test_no_text() -> None:
    with pytest.raises(ToolError, match="no text"):
        Answer("http://lb", 200, TEXT, b"\xff").text()
