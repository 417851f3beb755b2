"""Ignoring a finding where it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lbgen.lint.ignores import of_app, of_text
from lbgen.marathon.apps import Loaded, load_apps
from tests.edgelb.pools import frontend, pool
from tests.lint.apps import app, sticky


def read(**labels: str) -> list[tuple[str | None, tuple[str, ...], str]]:
    loaded = Loaded()
    load_apps("a.json", app("/shop", 10001, **labels), loaded)
    return [(each.label, tuple(rule.word for rule in each.rules), each.reason) for each in of_app(loaded.apps[0])]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("LBG406: the router expands it", [(("LBG406",), "the router expands it")]),
        ("LBG406 because the router expands it", [(("LBG406",), "the router expands it")]),
        ("LBG406:because it is so", [(("LBG406",), "it is so")]),
        ("LBG406 the router expands it", [(("LBG406",), "the router expands it")]),
        ("a, b ,c: why", [(("a", "b", "c"), "why")]),
        ("a: why; b because not\n c : so: what", [(("a",), "why"), (("b",), "not"), (("c",), "so: what")]),
        ("a: why;", [(("a",), "why")]),
        ("a", [(("a",), "")]),
        ("a:", [(("a",), "")]),
        ("a because", [(("a",), "")]),
        ("becausexyz: why", [(("becausexyz",), "why")]),
        ("", []),
        (" ; ", []),
        (":", []),
    ],
)
def test_a_label_holds_entries(text: str, meant: list[tuple[tuple[str, ...], str]]) -> None:
    assert [(rules, reason) for _, rules, reason in read(LBGEN_IGNORE=text)] == meant


def test_a_label_may_be_for_another_label_alone() -> None:
    assert read(LBGEN_IGNORE_HAPROXY_0_VHOST="a: why") == [("HAPROXY_0_VHOST", ("a",), "why")]


def test_each_rule_has_its_place_in_the_label() -> None:
    loaded = Loaded()
    load_apps("a.json", app(LBGEN_IGNORE="x: why; abc, de: so"), loaded)
    places = [(rule.origin.start, rule.origin.end) for each in of_app(loaded.apps[0]) for rule in each.rules]
    assert places == [(0, 1), (8, 11), (13, 15)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a\nb # lbgen: ignore[x] why\nc", [(2, ("x",), "why")]),
        ("b #lbgen:ignore[x,y]: why", [(1, ("x", "y"), "why")]),
        ("# lbgen: ignore[x] why\nb", [(2, ("x",), "why")]),
        ("  # lbgen: ignore[x] why\n\n  # more\n  b", [(4, ("x",), "why")]),
        ("# lbgen: ignore[x] why\n# lbgen: ignore[y] so\nb", [(3, ("x",), "why"), (3, ("y",), "so")]),
        ("b # lbgen: ignore[x]", [(1, ("x",), "")]),
        ("b # lbgen: ignore why", [(1, ("",), "why")]),
        ("b # lbgen: ignored[x] why", []),
        ("# lbgen: ignore[x] why", [(1, ("x",), "why")]),
        ("b # lbgen is great", []),
    ],
)
def test_a_comment_is_for_its_line_or_the_next(text: str, meant: list[tuple[int, tuple[str, ...], str]]) -> None:
    found = [(each.line, tuple(rule.word for rule in each.rules), each.reason) for each in of_text("a.cfg", text)]
    assert found == meant


def told(run: Any, *names: str) -> list[str]:
    return [each["rule"] for each in json.loads(run(*names, "--format", "json").out)["findings"]]


def test_a_label_takes_findings_of_its_app_away_and_of_no_other(run: Any, write: Any) -> None:
    write("a.json", [sticky("/a", 10001, LBGEN_IGNORE="LBG104: why"), sticky("/b", 10002)])
    assert told(run, "a.json") == ["label-bool-unknown"]


def test_a_label_for_a_label_leaves_the_others_alone(run: Any, write: Any) -> None:
    write("a.json", sticky(ENABLED="on", LBGEN_IGNORE_HAPROXY_0_ENABLED="LBG104: why"))
    (finding,) = json.loads(run("a.json", "--format", "json").out)["findings"]
    assert finding["label"] == "HAPROXY_0_STICKY"


YAML = """id: /shop
labels:
  HAPROXY_GROUP: external
  HAPROXY_0_STICKY: {}
  HAPROXY_0_BACKEND_HEAD: |
    backend {{backend}}
      mode {{mode}}
      clitimeout 10  # lbgen: ignore[directive-removed] an old one
      clitimeout 20
portDefinitions:
  - port: 10001
"""


def test_a_comment_takes_findings_of_its_line_away(run: Any, write: Any) -> None:
    write("a.yaml", YAML.format('"1"'))
    plain = told(run, "a.yaml")
    assert "label-bool-unknown" in plain
    write("a.yaml", YAML.format('"1"  # lbgen: ignore[LBG104] why'))
    plain.remove("label-bool-unknown")
    assert told(run, "a.yaml") == plain


def test_a_comment_within_a_template_is_for_that_line_of_it(run: Any, write: Any) -> None:
    write("a.yaml", YAML.format('"true"'))
    assert told(run, "a.yaml").count("directive-removed") == 1


def test_a_comment_in_a_configuration(run: Any, write: Any) -> None:
    lines = ["backend web", "  mode http", "  clitimeout 10", "  server web 10.0.0.1:80"]
    write("a.cfg", "\n".join(lines) + "\n")
    assert "directive-removed" in told(run, "a.cfg")
    lines[2] += "  # lbgen: ignore[directive-removed] an old one"
    write("a.cfg", "\n".join(lines) + "\n")
    assert "directive-removed" not in told(run, "a.cfg")


def test_what_is_ignored_is_in_sarif_with_its_reason(run: Any, write: Any) -> None:
    write("a.json", sticky(LBGEN_IGNORE="LBG104: our gateway reads it"))
    ended = run("a.json", "--format", "sarif")
    (result,) = json.loads(ended.out)["runs"][0]["results"]
    assert ended.status == 0
    assert result["suppressions"] == [{"kind": "inSource", "justification": "our gateway reads it"}]


def test_a_rule_that_is_not_looked_for_is_not_ignored_in_vain(run: Any, write: Any) -> None:
    write("a.json", sticky(LBGEN_IGNORE="LBG104: why"))
    assert told(run, "a.json", "--select", "LBG911,LBG5") == []


def test_a_key_of_a_pool_takes_findings_of_that_pool_away_and_of_no_other(run: Any, write: Any) -> None:
    misc = {"frontends": [frontend(miscStrs=["rspadd X-A:\\ b"])]}
    ignoring = pool(LBGEN_IGNORE="directive-removed: it runs on HAProxy 2.0", **misc)
    ignoring["haproxy"]["stats"] = {"bindPort": 9091}
    write("pools.json", {"pools": [ignoring, {**pool(**misc), "name": "other"}]})
    ended = run("pools.json", "--select", "directive-removed,unused-ignore", "--format", "json")
    assert [each["pointer"] for each in json.loads(ended.out)["findings"]] == [
        "/pools/1/haproxy/frontends/0/miscStrs/0"
    ]
