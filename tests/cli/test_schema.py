"""`lbgen schema`: what is fine validates, what is not does not, and the labels explain themselves."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from lbgen.marathon.labels import APP_LABELS, PORT_LABELS, TEMPLATE_LABELS, known
from tests.console import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

    Run = Callable[..., Ended]

KINDS = ("app", "pool-v1", "pool-v2", "config")
EXAMPLES = {
    "examples/kubectl-proxy.json": "app",
    "examples/kubeapi-proxy.json": "app",
    "examples/shop-haproxy.json": "app",
    "examples/kubectl-proxy-pool.json": "pool-v2",
}


@pytest.fixture
def faults(run: Run) -> Callable[[str, Any], list[str]]:
    """A function that says where a value is not what the schema of a kind asks for."""

    def find(kind: str, value: Any) -> list[str]:
        validator = jsonschema.Draft7Validator(json.loads(run("schema", kind).out))
        return sorted("/".join(map(str, fault.absolute_path)) or "." for fault in validator.iter_errors(value))

    return find


@pytest.mark.parametrize("kind", KINDS)
def test_is_a_schema(run: Run, kind: str) -> None:
    ended = run("schema", kind)
    made = json.loads(ended.out)
    jsonschema.Draft7Validator.check_schema(made)
    assert made["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert (ended.err, ended.status) == ("", 0)


@pytest.mark.parametrize(("path", "kind"), EXAMPLES.items())
def test_the_examples_are_fine(faults: Callable[[str, Any], list[str]], path: str, kind: str) -> None:
    assert faults(kind, json.loads((ROOT / path).read_text())) == []


APP = {"id": "/a", "cmd": "x", "labels": {"HAPROXY_GROUP": "external", "HAPROXY_12_VHOST": "a.example", "team": "x"}}


@pytest.mark.parametrize(
    "value",
    [
        APP,
        [APP, APP],
        {"apps": [APP]},
        {"id": "/g", "groups": [{"id": "/g/h", "apps": [APP]}], "apps": []},
        APP | {"$schema": "https://example.org/app.json"},
        APP | {"labels": {"HAPROXY_0_STICKY": "TRUE", "HAPROXY_0_BACKEND_HEAD": "backend {backend}\n"}},
    ],
)
def test_apps_that_are_fine(faults: Callable[[str, Any], list[str]], value: Any) -> None:
    assert faults("app", value) == []


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"labels": {}}, "."),
        ({"id": 7}, "id"),
        ({"id": "/a", "labels": {"HAPROXY_0_VHOTS": "x"}}, "labels"),
        ({"id": "/a", "labels": {"HAPROXY_VHOST": "x"}}, "labels"),
        ({"id": "/a", "labels": {"HAPROXY_00_VHOST": "x"}}, "labels"),
        ({"id": "/a", "labels": {"HAPROXY_0_PORT": 80}}, "labels/HAPROXY_0_PORT"),
        ({"id": "/a", "labels": {"HAPROXY_0_PORT": "https"}}, "labels/HAPROXY_0_PORT"),
        ({"id": "/a", "labels": {"HAPROXY_0_STICKY": "1"}}, "labels/HAPROXY_0_STICKY"),
        ({"id": "/a", "labels": {"HAPROXY_0_MODE": "http "}}, "labels/HAPROXY_0_MODE"),
        ({"id": "/a", "labels": {"HAPROXY_0_AUTH": "user:hash"}}, "labels/HAPROXY_0_AUTH"),
        ([{"id": "/a", "ports": "80"}], "0/ports"),
        ({"apps": [{"labels": {}}]}, "apps/0"),
    ],
)
def test_apps_that_are_not(faults: Callable[[str, Any], list[str]], value: Any, place: str) -> None:
    assert place in faults("app", value)


def test_every_label_explains_itself(run: Run) -> None:
    labels = json.loads(run("schema", "app").out)["definitions"]["Labels"]
    said = {key: value["description"] for key, value in labels["patternProperties"].items()}
    assert said.keys() == {
        f"^HAPROXY_(0|[1-9][0-9]*)_{name}$" for name in {*(each.name for each in PORT_LABELS), *TEMPLATE_LABELS}
    }
    assert all(said[f"^HAPROXY_(0|[1-9][0-9]*)_{each.name}$"] == each.meaning for each in PORT_LABELS)
    assert {key: labels["properties"][key]["description"] for key in APP_LABELS} == APP_LABELS
    assert all(known(name) for name in TEMPLATE_LABELS)


POOL = {
    "apiVersion": "V2",
    "name": "p",
    "haproxy": {
        "frontends": [{"bindPort": 80, "protocol": "HTTP", "linkBackend": {"defaultBackend": "b"}}],
        "backends": [{"name": "b", "protocol": "HTTP", "services": [{"endpoint": {"type": "ADDRESS", "port": 80}}]}],
    },
}


def changed(**frontend: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(POOL))
    made["haproxy"]["frontends"][0] |= frontend
    return made


def test_pools_that_are_fine(faults: Callable[[str, Any], list[str]]) -> None:
    assert faults("pool-v2", POOL | {"$schema": "x"}) == []
    assert faults("pool-v2", changed(certificates=None, redirectToHttps={"except": [{"pathBeg": "/x"}]})) == []
    server = {"type": "VIP", "port": {"vip": "/web:80"}}
    backends = [{"name": "b", "protocol": "TCP", "servers": [server]}]
    assert faults("pool-v1", {"name": "p", "haproxy": {"backends": backends}}) == []


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({}, "."),
        (POOL | {"apiVersion": "V1"}, "apiVersion"),
        (POOL | {"frontends": []}, "."),
        (changed(bindPort=70000), "haproxy/frontends/0/bindPort"),
        (changed(bindPort="80"), "haproxy/frontends/0/bindPort"),
        (changed(protocol="http"), "haproxy/frontends/0/protocol"),
        (changed(redirectToHttps={"items": []}), "haproxy/frontends/0/redirectToHttps"),
        (changed(linkBackend={"map": [{"hostEq": "a"}]}), "haproxy/frontends/0/linkBackend"),
    ],
)
def test_pools_that_are_not(faults: Callable[[str, Any], list[str]], value: Any, place: str) -> None:
    found = faults("pool-v2", value)
    assert any(each == place or place.startswith(each) for each in found)
    assert found


SETTINGS = """
groups = ["external"]
target = "3.0"
lb-ports = [80, 443]
[lint]
ignore = ["LBG4"]
fail-on = "error"
[lint.per-path-ignores]
"legacy/**" = ["LBG5"]
"""


def test_settings(faults: Callable[[str, Any], list[str]]) -> None:
    assert faults("config", tomllib.loads(SETTINGS)) == []
    assert faults("config", {"lnit": {}}) == ["."]
    assert faults("config", {"lint": {"fail-on": "sometimes", "ignore": "LBG4"}}) == ["lint/fail-on", "lint/ignore"]


def test_a_schema_that_does_not_exist(run: Run) -> None:
    ended = run("schema", "pool")
    assert (ended.out, ended.status) == ("", 2)
    assert "pool-v1" in ended.err


def test_apps_and_pools_may_name_their_schema(run: Run) -> None:
    from pathlib import Path

    Path("app.json").write_text(json.dumps(APP | {"$schema": "app.schema.json", "ports": [10001]}))
    Path("pool.json").write_text(json.dumps(POOL | {"$schema": "pool.schema.json"}))
    ended = run("lint", "app.json", "pool.json", "--isolated", "--format", "json")
    assert not [each for each in json.loads(ended.out)["findings"] if "schema" in json.dumps(each)]
