"""Rules about directives: whatever a file holds they say something sensible, once, and never fail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lbgen.finding import Severity
from lbgen.haproxy.keywords import tables
from lbgen.haproxy.parse import SECTION_KEYWORDS, parse
from lbgen.haproxy.removed import REMOVED
from lbgen.lint.context import Context
from lbgen.lint.registry import RULES
from lbgen.lint.rule import Subject
from lbgen.lint.subjects import Configuration
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.finding import Finding

OF_CONFIGURATIONS = [rule for rule in RULES if rule.subject is Subject.CONFIG]
_ALL = sorted({word for words in tables().sections.values() for word in words} | REMOVED.keys())
_ODD = st.sampled_from(
    [
        "",
        '"',
        "'a",
        "\\",
        "\\x4",
        '"${X"',
        '"${X}"',
        "#",
        "{",
        "}",
        "!{",
        "if",
        "unless",
        "or",
        "%[",
        "\0",
        "$",
        ".if",
        "0",
    ]
)
_WORD = st.one_of(
    st.sampled_from(_ALL), _ODD, st.text(max_size=5), st.sampled_from(["server", "bind", "acl", "use_backend"])
)
_HEADER = st.builds(
    lambda kind, name: f"{kind} {name}", st.sampled_from(sorted(SECTION_KEYWORDS)), st.sampled_from("ab")
)
_LINE = st.one_of(
    _HEADER,
    st.lists(_WORD, max_size=6).map(" ".join),
    st.sampled_from([".if 1", ".if defined(X)", ".if version_atleast(3", ".else", ".elif", ".endif", ".x"]),
)
_TARGETS = ["2.2", "2.4", "3.2", "3.4"]


@settings(max_examples=150, deadline=None)
@given(st.lists(_LINE, max_size=25).map("\n".join), st.sampled_from(_TARGETS))
def test_no_file_makes_a_rule_fail(text: str, target: str) -> None:
    configuration = Configuration(parse(text), Context(target=target))
    for rule in OF_CONFIGURATIONS:
        for problem in rule.check(configuration):
            assert problem.message
            assert problem.origin is None or problem.origin.position is not None


@pytest.mark.parametrize("target", _TARGETS)
@pytest.mark.parametrize("section", ["frontend", "backend", "listen", "global", "resolvers"])
def test_every_keyword_that_the_target_takes_is_fine(section: str, target: str) -> None:
    known, version = tables(), Context(target=target).version
    taken = [word for word in known.sections[section] if known.standing(section, word, version) == "k"]
    lines = "".join(f"  {word.replace('*', '(0)')}\n" for word in taken)
    configuration = Configuration(parse(f"{section} a\n{lines}"), Context(target=target))
    for rule in OF_CONFIGURATIONS:
        if rule.name.startswith("directive-"):
            assert list(rule.check(configuration)) == []


def app(number: int, **labels: str) -> dict[str, object]:
    """An app of two tasks."""
    tasks = [{"id": f"{number}.{at}", "host": f"192.0.2.{at}", "ports": [31000 + number]} for at in (1, 2)]
    return {
        "id": f"/shop/web{number}",
        "labels": {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": f"{number}.example.com"}
        | {f"HAPROXY_0_{name}": text for name, text in labels.items()},
        "ports": [10000 + number],
        "tasks": tasks,
    }


def linted(tmp_path: Path, *apps: dict[str, object], **options: str) -> list[Finding]:
    """What lint finds in these apps about directives."""
    path = tmp_path / "fleet.json"
    path.write_text(json.dumps({"apps": apps}))
    given_ = Options(groups=(), **options)  # type: ignore[arg-type]
    names = {rule.name for rule in OF_CONFIGURATIONS}
    return [each for each in lint([str(path)], given_).findings if each.rule in names]


def test_a_line_of_a_label_is_told_once_however_many_tasks_there_are(tmp_path: Path) -> None:
    server = "  timeout client 3s\n  server {serverName} {host_ipv4}:{port} frob\n"
    found = linted(tmp_path, app(1, BACKEND_SERVER_OPTIONS=server), app(2, BACKEND_SERVER_OPTIONS=server))
    assert sorted((each.rule, str(each.app)) for each in found) == [
        ("directive-unknown", "/shop/web1"),
        ("directive-unknown", "/shop/web2"),
        ("directive-wrong-section", "/shop/web1"),
        ("directive-wrong-section", "/shop/web2"),
    ]


def test_lines_that_are_there_for_each_server_are_in_order(tmp_path: Path) -> None:
    lines = "  http-request deny if {{ path /no }}\n  redirect location / if {{ path /a }}\n"
    server = lines + "  server {serverName} {host_ipv4}:{port}\n"
    assert linted(tmp_path, app(1, BACKEND_SERVER_OPTIONS=server)) == []


def test_the_words_at_fault_are_pointed_at(tmp_path: Path) -> None:
    (found,) = linted(tmp_path, app(1, BACKEND_HTTP_OPTIONS="  option forwardfor\n  no  option htplog # x\n"))
    assert found.origin is not None
    assert found.origin.label == "HAPROXY_0_BACKEND_HTTP_OPTIONS"
    start = len("  option forwardfor\n  ")
    assert (found.origin.start, found.origin.end) == (start, start + len("no  option htplog"))


@pytest.mark.parametrize("dialect", ["portable", "marathon-lb"])
@pytest.mark.parametrize("target", _TARGETS)
def test_what_lbgen_writes_by_itself_is_nobodys_fault(tmp_path: Path, dialect: str, target: str) -> None:
    apps = [
        app(1, STICKY="true", REDIRECT_TO_HTTPS="true", AUTH="realm:user:$6$salt$hash"),
        app(2, MODE="tcp", BACKEND_NETWORK_ALLOWED_ACL="10.0.0.0/8", SSL_CERT="/etc/ssl/a.pem"),
        app(3, PATH="/a", BACKEND_NETWORK_ALLOWED_ACL="10.0.0.0/8", HTTP_BACKEND_REDIR="/start", VHOST="a.b,c.d"),
    ]
    assert linted(tmp_path, *apps, dialect=dialect, target=target) == []


def test_old_words_of_the_products_own_are_told_once_and_are_no_label_s_fault(tmp_path: Path) -> None:
    asking = [
        app(number, USE_HSTS="true", HTTP_BACKEND_PROXYPASS_PATH="/a", HTTP_BACKEND_REVPROXY_PATH="/b")
        for number in (1, 2)
    ]
    assert linted(tmp_path, *asking) == []
    found = linted(tmp_path, *asking, dialect="marathon-lb")
    (told,) = (each for each in found if each.rule == "directive-removed")
    assert (told.label, told.severity) == (None, Severity.WARNING)
    assert told.message == "the dialect itself writes 'reqirep', 'rspadd' and 'rspirep', which HAProxy 3.2 refuses"


def test_an_old_word_in_a_value_that_became_a_part_of_a_line_is_the_label_s_fault(tmp_path: Path) -> None:
    found = linted(tmp_path, app(1, SSL_CERT="/etc/ssl/a.pem process 1"), dialect="marathon-lb")
    told = [(each.label, each.severity) for each in found if each.rule == "directive-removed"]
    assert told == [("HAPROXY_0_SSL_CERT", Severity.ERROR)]
