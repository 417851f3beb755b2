"""The notation of users' templates: names and keys, and nothing that `str.format` can do beyond."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.model.blanks import Blank, TemplateFault, compose, literal, parse_format

VALUES: dict[str, Any] = {"backend": "web_10001", "port": 80, "check": {"path": "/h", "deep": {"a": "b"}}}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("plain\n", "plain\n"),
        ("{backend}", "web_10001"),
        ("use {backend} on {port}\n", "use web_10001 on 80\n"),
        ("{{ ssl_fc }} {backend}", "{ ssl_fc } web_10001"),
        ("100% %s %(x)s {port}", "100% %s %(x)s 80"),
        ("{check[path]}", "/h"),
        ("{check[deep][a]}", "b"),
        ("{port:>5}|{backend:<12}|{port:05d}", "   80|web_10001   |00080"),
    ],
)
def test_names_keys_and_columns_are_filled_in(template: str, text: str) -> None:
    assert parse_format(template).fill(VALUES) == text


BRACES = "a brace that HAProxy shall see is written twice"


@pytest.mark.parametrize(
    ("template", "message", "at_fault"),
    [
        ("a {backend.__class__} b", f'"{{backend.__class__" is no placeholder; {BRACES}', "{backend.__class__"),
        ("{check.items}", f'"{{check.items" is no placeholder; {BRACES}', "{check.items"),
        ("{0}", f'"{{0" is no placeholder; {BRACES}', "{0"),
        ("{}", f'"{{" is no placeholder; {BRACES}', "{"),
        ("x { ssl_fc } y", f'"{{ ssl_fc " is no placeholder; {BRACES}', "{ ssl_fc "),
        ("{backend!r}", '"{backend!r}": only plain placeholders are filled in', "{backend"),
        ("{port:999999999}", '"{port:999999999}": only plain placeholders are filled in', "{port"),
        ("{port:{backend}}", '"{port:{backend}}": only plain placeholders are filled in', "{port"),
        ("{port:x<99}", '"{port:x<99}": only plain placeholders are filled in', "{port"),
        ("{port:,}", '"{port:,}": only plain placeholders are filled in', "{port"),
        ("a }", f"a single '}}' begins or ends no placeholder; {BRACES}", "}"),
        ("{backend}}", None, "}"),
        ("a {backend", None, "{"),
    ],
)
def test_everything_else_is_refused_where_it_stands(template: str, message: str | None, at_fault: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        parse_format(template)
    assert template[caught.value.start : caught.value.end] == at_fault
    if message is not None:
        assert str(caught.value) == message


def test_the_names_of_a_line_are_known() -> None:
    text = parse_format("acl {a}\n  use {b} {a}\n\n{c}")
    assert [text.names_in_line(line) for line in range(5)] == [["a"], ["b", "a"], [], ["c"], []]
    assert text.names == {"a", "b", "c"}


def test_a_missing_key_is_an_error_of_filling_in() -> None:
    with pytest.raises(KeyError):
        parse_format("{check[nothing]}").fill(VALUES)


@given(st.text())
def test_a_literal_is_itself(text: str) -> None:
    assert literal(text).fill({}) == text
    assert compose([text]).fill({}) == text
    assert compose([text, Blank("x"), text]).fill({"x": "%s"}) == f"{text}%s{text}"


@given(st.text(alphabet="ab{}[].:!%0\n"))
def test_what_is_taken_is_what_python_would_make_of_it(template: str) -> None:
    try:
        made = parse_format(template)
    except TemplateFault:
        return
    values = {name: {"": "v", "a": "v", "b": "v", "0": "v"} for name in made.names}
    try:
        expected = template.format(**values)
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        return
    assert made.fill(values) == expected
