"""No text of a pool leaves its place: it is refused, or it stays one value of the line that it belongs to."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.haproxy.parse import parse
from lbgen.pipeline.pools import PoolOptions, from_pool
from tests.edgelb.pools import load

RULE = {"backend": "web", "hostEq": "a", "hostReg": "b", "pathBeg": "/c", "pathReg": "d", "pathEnd": "e"}
FULL: dict[str, Any] = {
    "apiVersion": "V2",
    "name": "p",
    "environmentVariables": {"ELB_FILE_X": "x"},
    "secrets": [{"secret": "s", "file": "f"}],
    "haproxy": {
        "stats": {"bindAddress": "127.0.0.1"},
        "frontends": [
            {
                "name": "in",
                "bindAddress": "127.0.0.1",
                "bindPort": 80,
                "bindModifier": "accept-proxy",
                "protocol": "HTTP",
                "miscStrs": ["acl x src 10.0.0.1"],
                "redirectToHttps": {"except": [{"host": "h", "pathBeg": "/p"}]},
                "linkBackend": {"defaultBackend": "web", "map": [RULE]},
            },
            {
                "bindPort": 443,
                "protocol": "HTTPS",
                "certificates": ["$AUTOCERT", "$SECRETS/f", "$ENVFILE/ELB_FILE_X"],
                "linkBackend": {"map": [RULE]},
            },
        ],
        "backends": [
            {
                "name": "web",
                "protocol": "HTTP",
                "balance": "source",
                "miscStrs": ["timeout server 1h"],
                "customCheck": {"httpchk": True, "httpchkMiscStr": "GET /", "miscStr": "http-check expect status 204"},
                "rewriteHttp": {
                    "host": "h",
                    "path": {"fromPath": "/f", "toPath": "/t"},
                    "sticky": {"customStr": "cookie X insert"},
                },
                "services": [
                    {
                        "marathon": {"serviceID": "/a", "containerName": "c"},
                        "mesos": {"frameworkName": "f", "taskName": "t"},
                        "endpoint": {"portName": "w", "miscStr": "weight 1", "check": {"customStr": "inter 5s"}},
                    },
                    {"endpoint": {"type": "ADDRESS", "address": "a.org", "port": 1}},
                ],
            }
        ],
    },
}
# These are directives of the user's own by design; what they may not do is said one by one below.
RAW = ("bindModifier", "miscStrs", "httpchkMiscStr", "miscStr", "customStr", "balance")
SIGNS = [
    "\n",
    "\r",
    "\u2028",
    "\x00",
    "\x1b",
    "\t",
    " ",
    "#",
    '"',
    "'",
    "\\",
    "\\\\",
    "$",
    "${X}",
    "{",
    "}",
    " } ",
    "%",
]
WORDS = [
    "%[src]",
    "backend evil",
    "server evil 1.2.3.4:1",
    "-f /etc/passwd",
    "--",
    "a",
    "/",
    ".*",
    "(",
    "\ufdd0",
    "\ud800",
    "é",
]
PIECES = st.sampled_from(SIGNS + WORDS)
TEXTS = st.lists(PIECES, min_size=1, max_size=3).map("".join)


def strings(value: Any, pointer: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the texts are."""
    if isinstance(value, str):
        return [pointer]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inside in items for found in strings(inside, (*pointer, key))]


PLACES = strings(FULL)


def replaced(place: tuple[Any, ...], text: str) -> dict[str, Any]:
    copy: Any = deepcopy(FULL)
    holder = copy
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = text
    result: dict[str, Any] = copy
    return result


def shape(configuration: str) -> list[tuple[str, list[str]]]:
    """Which sections there are, and which directives in each; names of frontends and backends do not count."""
    return [
        (section.kind, [directive.keyword for directive in section.directives])
        for section in parse(configuration, "haproxy.cfg").sections
    ]


def rendered(value: Any, dialect: str) -> str | None:
    loaded = load(value)
    if not loaded.pools:
        return None
    result = from_pool(loaded.pools[0], None, PoolOptions(dialect=dialect))
    assert result.rendered is not None
    return result.rendered.text


def conditions(configuration: str) -> list[list[str]]:
    """The words of every condition that are not values: what is compared, and the braces around it."""
    found = []
    for directive in parse(configuration, "haproxy.cfg").directives():
        if directive.keyword in {"use_backend", "redirect"}:
            assert directive.problem is None
            found.append([word for word in directive.values if word in {"{", "}"}])
    return sorted(found)


def test_the_whole_pool_is_used() -> None:
    assert load(FULL).findings == []
    assert len(PLACES) > 40


@given(place=st.sampled_from([place for place in PLACES if not set(place) & set(RAW)]), text=TEXTS)
@pytest.mark.parametrize("dialect", ["portable", "edge-lb"])
def test_a_value_stays_a_value(dialect: str, place: tuple[Any, ...], text: str) -> None:
    made = rendered(replaced(place, text), dialect)
    if made is None:
        return
    plain = rendered(FULL, dialect)
    assert plain is not None
    assert sorted(shape(made)) == sorted(shape(plain))
    assert conditions(made) == conditions(plain)
    assert all(directive.problem is None for directive in parse(made, "haproxy.cfg").directives())


@given(place=st.sampled_from([place for place in PLACES if set(place) & set(RAW)]), text=TEXTS)
@pytest.mark.parametrize("dialect", ["portable", "edge-lb"])
def test_a_directive_of_the_users_own_is_one_line_of_its_section(
    dialect: str, place: tuple[Any, ...], text: str
) -> None:
    made = rendered(replaced(place, text), dialect)
    if made is None:
        return
    plain = rendered(FULL, dialect)
    assert plain is not None
    assert [kind for kind, _ in shape(made)] == [kind for kind, _ in shape(plain)]
    assert len(made.splitlines()) <= len(plain.splitlines())
