"""Lint takes whatever it is given: nothing is a traceback, and the order of files and apps does not matter."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lbgen import report
from lbgen.lint.pages import pages
from lbgen.lint.registry import RULES
from lbgen.pipeline.linting import Linted, lint
from lbgen.pipeline.options import Options
from lbgen.report.table import REPORTERS
from tests.edgelb.test_hostile import FULL
from tests.properties import examples
from tests.properties.hostile import ORDINARY, TEXT, hostile
from tests.properties.test_order import depends_on_the_order

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

PAGES = pages(rule.name for rule in RULES)
DIALECTS = pytest.mark.parametrize("dialect", ["portable", "marathon-lb"])


def linted(files: Mapping[str, str], order: list[str] | None = None, **options: Any) -> tuple[Linted, list[str]]:
    """What lint says of these files, and the messages of the rules that failed."""
    with tempfile.TemporaryDirectory() as directory:
        for name, text in files.items():
            Path(directory, name).write_bytes(text.encode("utf-8", "surrogatepass"))
        paths = [str(Path(directory, name)) for name in order or files]
        found = lint(paths, Options(**{"groups": ()} | options))
        failed = [each.message for each in found.findings if each.rule == "internal-error"]
        for format_ in REPORTERS:
            report.write(
                found.findings, found.documents, StringIO(), format=format_, rules=PAGES, suppressed=found.suppressed
            )
        return found, failed


def said(found: Linted) -> Counter[tuple[Any, ...]]:
    """What is said of whom, wherever that stands."""
    return Counter(
        (each.rule, each.severity, each.message, each.app, each.label, each.help, each.fix is not None)
        for each in found.findings
    )


@DIALECTS
@examples(40)
@given(evil=st.lists(hostile(), min_size=1, max_size=3), haproxy_map=st.booleans(), grouped=st.booleans())
def test_no_app_is_a_traceback(dialect: str, evil: list[dict[str, Any]], haproxy_map: bool, grouped: bool) -> None:
    text = json.dumps([*ORDINARY, *evil])
    _, failed = linted({"a.json": text}, dialect=dialect, haproxy_map=haproxy_map, group_https_by_vhost=grouped)
    assert failed == []


@DIALECTS
@examples(25)
@given(evil=st.lists(hostile(), max_size=3), random=st.randoms(use_true_random=False))
def test_the_order_of_apps_and_files_does_not_matter(dialect: str, evil: list[dict[str, Any]], random: Random) -> None:
    assume(not any(depends_on_the_order(app) for app in evil))
    apps = [*ORDINARY, *evil]
    shuffled = random.sample(apps, len(apps))
    together, _ = linted({"a.json": json.dumps(apps)}, dialect=dialect)
    otherwise, _ = linted({"a.json": json.dumps(shuffled)}, dialect=dialect)
    assert said(together) == said(otherwise)
    files = {f"{index}.json": json.dumps(app) for index, app in enumerate(apps)}
    apart, _ = linted(files, dialect=dialect)
    again, _ = linted(files, random.sample(sorted(files), len(files)), dialect=dialect)
    assert said(apart) == said(again)


_KEYS = TEXT | st.sampled_from(sorted(FULL))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXT | st.sampled_from(sorted(FULL)), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def pools(draw: st.DrawFn) -> Any:
    """A full pool of which some values are others."""
    pool = json.loads(json.dumps(FULL))
    for _ in range(draw(st.integers(1, 3))):
        place, key = draw(st.sampled_from(list(_places(pool))))
        place[key] = draw(_VALUES)
    return pool


def _places(value: Any) -> Any:
    for key, member in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(member, dict | list):
            yield from _places(member)


@pytest.mark.parametrize("dialect", ["portable", "marathon-lb"])
@examples(40)
@given(pool=pools())
def test_no_pool_is_a_traceback(dialect: str, pool: Any) -> None:
    _, failed = linted({"a.json": json.dumps(pool)}, dialect=dialect)
    assert failed == []


_WORDS = """
    global defaults frontend backend listen userlist resolvers peers .if .else .endif .elif bind server acl use_backend
    default_backend http-request http-response redirect option timeout mode balance stats user group tcp-request log
    rspadd reqirep block mode http tcp maxconn errorfile cookie http-check server-template use-server stick-table
    ssl crt alpn h2 *:80 :::443 0.0.0.0:9090 unix@/x abns@y 10.0.0.1:80 if unless { } path_beg hdr(host) -i -m end
    set-header %[path,lower] Host a.example.com /a deny auth realm x client 10s 99999 -1 "quoted \\' $HOME" \\
"""
_KEYWORDS = st.sampled_from(_WORDS.split())
_LINE = st.lists(_KEYWORDS | _KEYWORDS | TEXT, max_size=6).map(" ".join)


@examples(60)
@given(lines=st.lists(_LINE | _LINE.map("  {}".format), max_size=12))
def test_no_configuration_is_a_traceback(lines: list[str]) -> None:
    _, failed = linted({"a.cfg": "\n".join(["frontend a", *lines])})
    assert failed == []


@examples(60)
@given(text=TEXT | st.lists(TEXT, max_size=8).map("\n".join), suffix=st.sampled_from(["json", "yaml", "cfg"]))
def test_no_text_is_a_traceback(text: str, suffix: str) -> None:
    _, failed = linted({f"a.{suffix}": text, "b.json": json.dumps(ORDINARY[0])})
    assert failed == []


@examples(40)
@given(value=_VALUES, suffix=st.sampled_from(["json", "yaml"]))
def test_no_value_is_a_traceback(value: Any, suffix: str) -> None:
    _, failed = linted({f"a.{suffix}": json.dumps(value), "b.json": json.dumps(ORDINARY[0])})
    assert failed == []


@examples(30)
@given(words=TEXT, reason=TEXT, key=st.sampled_from(["", "_HAPROXY_0_VHOST", "_", "_x"]))
def test_nothing_that_is_ignored_is_a_traceback(words: str, reason: str, key: str) -> None:
    app = {**ORDINARY[1], "labels": {**ORDINARY[1]["labels"], f"LBGEN_IGNORE{key}": f"{words}: {reason}; LBG1: x"}}
    _, failed = linted({"a.json": json.dumps(app), "b.cfg": f"global\n # lbgen: ignore[{words}] {reason}\n"})
    assert failed == []
