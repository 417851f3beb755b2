"""What is said of pools has a code and a manual page, and whatever a pool holds, all of it is said."""

from __future__ import annotations

import ast
import copy
import json
from collections import Counter
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lbgen
from lbgen.lint.registry import BY_NAME
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options
from tests.edgelb.pools import backend, frontend, pool

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAYING = {"Said", "warning", "info", "Finding", "Note", "_warning", "warn"}


def named(path: Path) -> Iterator[str]:
    """The names of rules that a module says something by."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        values = node.args[:1] if function in _SAYING else []
        values = [*values, *(each.value for each in node.keywords if each.arg == "rule")]
        yield from (each.value for each in values if isinstance(each, ast.Constant) and isinstance(each.value, str))


def test_everything_that_is_said_of_pools_has_a_manual_page() -> None:
    root = Path(lbgen.__file__).parent
    said = {name for part in ("edgelb", "convert") for path in (root / part).rglob("*.py") for name in named(path)}
    said |= {name for path in (root / "pipeline").glob("*pool*.py") for name in named(path)}
    assert len(said) > 50
    assert said <= BY_NAME.keys()


def rules(tmp_path: Path, value: Any) -> list[str]:
    file = tmp_path / "pool.json"
    file.write_text(json.dumps(value))
    return [finding.rule for finding in lint([str(file)], Options(groups=())).findings]


def test_a_pool_with_a_fault_is_looked_at_all_the_same(tmp_path: Path) -> None:
    value = pool(
        frontends=[frontend(bindPort=70000, linkBackend={"map": [{"backend": "web", "hostEq": "*.a.org"}]})],
        backends=[backend(miscStr="x")],
        constraints="x",
    )
    assert {"bad-pool-value", "star-in-host", "unknown-key", "constraints-invalid"} <= set(rules(tmp_path, value))


def places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """The paths to all values within a value."""
    for key, inside in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        if isinstance(inside, (dict, list)):
            yield from places(inside, *path, key)


RICH = pool(
    frontends=[
        frontend(
            name="front",
            bindAddress="0.0.0.0",
            certificates=["$AUTOCERT"],
            miscStrs=["timeout client 5s"],
            redirectToHttps={"except": [{"host": "a.org"}]},
            linkBackend={"defaultBackend": "web", "map": [{"backend": "web", "hostEq": "a.org", "pathBeg": "/a"}]},
        )
    ],
    backends=[
        backend(
            balance="roundrobin",
            rewriteHttp={"path": {"fromPath": "/a/", "toPath": "/"}},
            miscStrs=["timeout server 5s"],
            customCheck={"httpchk": True},
        )
    ],
    autoCertificate=True,
)


def mistyped() -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Each place of a pool with each value that it cannot have."""
    for path in places(RICH):
        there = reduce(getitem, path, RICH)
        others: tuple[Any, ...] = ("443x", [], {}, 7, True)
        yield from ((path, wrong) for wrong in others if type(wrong) is not type(there))


@pytest.mark.parametrize(("path", "wrong"), list(mistyped()))
def test_a_value_of_the_wrong_type_is_one_finding_whatever_follows_from_it(
    tmp_path: Path, path: tuple[Any, ...], wrong: Any
) -> None:
    value = copy.deepcopy(RICH)
    reduce(getitem, path[:-1], value)[path[-1]] = wrong
    new = Counter(rules(tmp_path, value))
    new.subtract(Counter(rules(tmp_path, RICH)))
    assert +new == Counter({"wrong-type": 1})


def test_what_the_documentation_shows_is_fine_but_for_its_open_statistics(tmp_path: Path) -> None:
    service = {"marathon": {"serviceID": "/ping"}, "endpoint": {"portName": "pong"}}
    value = pool(
        frontends=[{"bindPort": 15001, "protocol": "HTTP", "linkBackend": {"defaultBackend": "ping-backend"}}],
        backends=[{"name": "ping-backend", "protocol": "HTTP", "services": [service]}],
    )
    value |= {"name": "ping-lb", "count": 5}
    value["haproxy"]["stats"] = {"bindAddress": "127.0.0.1", "bindPort": 9090}
    assert rules(tmp_path, value) == []


def test_two_pools_of_one_name_are_one_too_many_whatever_their_order(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(pool()))
    (tmp_path / "b.json").write_text(json.dumps(pool(namespace="other")))
    for order in (["a.json", "b.json"], ["b.json", "a.json"]):
        findings = lint([str(tmp_path / name) for name in order], Options(groups=())).findings
        found = [Path(each.origin.document).name for each in findings if each.rule == "pool-twice" and each.origin]
        assert found == ["b.json"]


_TEXTS = st.sampled_from(["", "*", "a", "/a", "https://a/", "é", "^", "(", "\n", "{{x}}", "$AUTOCERT", "HTTP", "TLS"])
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 70000) | _TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXTS, inner, max_size=2),
    max_leaves=4,
)
_RULE = st.dictionaries(st.sampled_from(["backend", "hostEq", "hostReg", "pathBeg", "pathReg", "pathEnd"]), _ANY)
_FRONTENDS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "bindPort": _ANY,
            "protocol": _TEXTS,
            "certificates": _ANY | st.lists(_TEXTS),
            "redirectToHttps": _ANY | st.fixed_dictionaries({"except": st.lists(_RULE, max_size=1)}),
            "linkBackend": _ANY | st.fixed_dictionaries({"map": st.lists(_RULE, max_size=2)}),
        },
    ),
    max_size=2,
)
_BACKENDS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={"name": _TEXTS, "protocol": _TEXTS, "services": _ANY, "rewriteHttp": _ANY, "customCheck": _ANY},
    ),
    max_size=2,
)


@pytest.mark.parametrize("version", ["V1", "V2"])
@settings(max_examples=60, deadline=None)
@given(frontends=_FRONTENDS, backends=_BACKENDS, constraints=_ANY)
def test_no_pool_makes_a_rule_fail(
    tmp_path_factory: pytest.TempPathFactory, version: str, frontends: Any, backends: Any, constraints: Any
) -> None:
    value = pool(frontends=frontends, backends=backends, constraints=constraints) | {"apiVersion": version}
    assert "internal-error" not in rules(tmp_path_factory.mktemp("pool"), value)
