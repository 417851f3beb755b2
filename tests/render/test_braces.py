"""What the braces of a template are: doubled, a placeholder, one that asks for too much, or neither."""

from __future__ import annotations

import pytest

from lbgen.model.braces import Kind, braces, undoubled

D, P, R, S = Kind.DOUBLED, Kind.PLACEHOLDER, Kind.REACHING, Kind.STRAY

CASES: list[tuple[str, list[tuple[Kind, str]]]] = [
    ("server {serverName} {host}", [(P, "{serverName}"), (P, "{host}")]),
    ("if {{ ssl_fc }}", [(D, "{{"), (D, "}}")]),
    ("{{{backend}}}", [(D, "{{"), (P, "{backend}"), (D, "}}")]),
    ("if { ssl_fc }", [(S, "{ ssl_fc }")]),
    ("[a-z]{2,3} {0} {}", [(S, "{2,3}"), (S, "{0}"), (S, "{}")]),
    ("%{+Q}o", [(S, "{+Q}")]),
    ("a } b {", [(S, "}"), (S, "{")]),
    ("{{ src }", [(D, "{{"), (S, "}")]),
    ("{healthCheck[path]}", [(P, "{healthCheck[path]}")]),
    ("{serverName:<40} {port:05}", [(P, "{serverName:<40}"), (P, "{port:05}")]),
    ("{port:>300} {port:x}", [(R, "{port:>300}"), (R, "{port:x}")]),
    (
        "{backend.__class__} {backend!r} {backend[0]}",
        [(R, "{backend.__class__}"), (R, "{backend!r}"), (R, "{backend[0]}")],
    ),
    ("{healthCheck[path][0]} {healthCheck.keys}", [(R, "{healthCheck[path][0]}"), (R, "{healthCheck.keys}")]),
    ("nothing", []),
]


@pytest.mark.parametrize(("text", "found"), CASES)
def test_every_brace_is_one_of_four(text: str, found: list[tuple[Kind, str]]) -> None:
    assert [(brace.kind, text[brace.start : brace.end]) for brace in braces(text)] == found


def test_a_placeholder_has_a_name_and_perhaps_a_key() -> None:
    assert [(brace.name, brace.key) for brace in braces("{port} {healthCheck[path]} {port:>5}")] == [
        ("port", ""),
        ("healthCheck", "path"),
        ("port", ""),
    ]


def test_haproxy_sees_doubled_braces_once() -> None:
    assert undoubled("if {{ ssl_fc }} {port}") == "if { ssl_fc } {port}"
