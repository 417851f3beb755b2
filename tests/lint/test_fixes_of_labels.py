"""What becomes of labels and health checks when they are fixed, and which fixes are safe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.lint.fix import mend
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

_CHECK = {
    "protocol": "HTTP",
    "portIndex": 0,
    "timeoutSeconds": 5,
    "intervalSeconds": 5,
    "gracePeriodSeconds": 5,
    "maxConsecutiveFailures": 3,
}


def app(labels: dict[str, str], **more: Any) -> dict[str, Any]:
    """An app with one service port."""
    return {"id": "/shop", "labels": labels, "portDefinitions": [{"port": 10001}], **more}


def mended(tmp_path: Path, rule: str, value: Any, *, unsafe: bool) -> Any:
    """What the fixes of a rule make of an app."""
    path = tmp_path / "app.json"
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    linted = lint([str(path)], Options(groups=()))
    made = mend([each for each in linted.findings if each.rule == rule], linted.documents, unsafe=unsafe)
    assert not made.mistakes
    return json.loads(made.texts.get(str(path), path.read_text(encoding="utf-8")))


SAFE = [
    ("label-not-integer", "HAPROXY_0_PORT", "10_001", "10001"),
    ("label-not-integer", "HAPROXY_0_BACKEND_WEIGHT", " +5 ", "5"),
    ("label-bool-unknown", "HAPROXY_0_STICKY", "OFF", "false"),
    ("label-whitespace", "HAPROXY_GROUP", "internal, external ", "internal,external"),
    ("label-whitespace", "HAPROXY_0_MODE", "http ", "http"),
    ("label-whitespace", "HAPROXY_0_VHOST", "\ta.example.com ,b.example.com", "a.example.com,b.example.com"),
    ("network-acl-invalid", "HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL", "10.0.0.0/8, 10.1.0.1", "10.0.0.0/8 10.1.0.1"),
    ("vhost-malformed", "HAPROXY_0_VHOST", "https://a.example.com/", "a.example.com"),
    (
        "vhost-malformed",
        "HAPROXY_0_VHOST",
        "http://joe@a.example.com:8080,b.example.com",
        "a.example.com,b.example.com",
    ),
    ("vhost-malformed", "HAPROXY_0_VHOST", "a.example.com:443", "a.example.com"),
    ("vhost-malformed", "HAPROXY_0_VHOST", "a.example.com.", "a.example.com"),
    ("vhost-malformed", "HAPROXY_0_VHOST", "Bücher.example.com", "xn--bcher-kva.example.com"),
    ("vhost-malformed", "HAPROXY_0_VHOST", "a.example.com,", "a.example.com"),
    ("vhost-malformed", "HAPROXY_0_VHOST", ",a.example.com", "a.example.com"),
    ("vhost-malformed", "HAPROXY_0_VHOST", "a.example.com,,A.example.com", "a.example.com"),
]


@pytest.mark.parametrize(("rule", "label", "before", "after"), SAFE)
def test_nobody_can_have_meant_what_a_safe_fix_mends(
    tmp_path: Path, rule: str, label: str, before: str, after: str
) -> None:
    labels = {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": "a.example.com", label: before}
    fixed = mended(tmp_path, rule, app(labels), unsafe=False)
    assert fixed["labels"] == labels | {label: after}


UNSAFE = [
    ("label-bool-unknown", "HAPROXY_0_STICKY", "1", "true"),
    ("label-bool-unknown", "HAPROXY_0_STICKY", "ture", "true"),
    ("value-not-allowed", "HAPROXY_0_BALANCE", "round-robin", "roundrobin"),
    ("value-not-allowed", "HAPROXY_0_BALANCE", "LeastConn", "leastconn"),
    ("value-not-allowed", "HAPROXY_0_MODE", "https", "http"),
    ("path-syntax", "HAPROXY_0_PATH", "api /v2/*", "/api /v2"),
    ("path-syntax", "HAPROXY_0_PATH", "^/api/.*", "/api"),
    ("path-syntax", "HAPROXY_0_PATH", "^/api /v2", "/api /v2"),
    ("path-syntax", "HAPROXY_0_PATH", "/a,/b", "/a /b"),
    ("path-syntax", "HAPROXY_0_PATH", "/bücher", "/b%C3%BCcher"),
    ("vhost-malformed", "HAPROXY_0_VHOST", "a.example.com:8080", "a.example.com"),
    ("vhost-malformed", "HAPROXY_0_VHOST", "a.example.com/shop", "a.example.com"),
    ("vhost-malformed", "HAPROXY_0_VHOST", "a.example.com b.example.com", "a.example.com,b.example.com"),
    (
        "server-name-repeated",
        "HAPROXY_0_BACKEND_SERVER_OPTIONS",
        "  server kube 10.0.0.1:443\n",
        "  server {serverName} 10.0.0.1:443\n",
    ),
]


@pytest.mark.parametrize(("rule", "label", "before", "after"), UNSAFE)
def test_what_may_have_been_meant_is_mended_when_asked(
    tmp_path: Path, rule: str, label: str, before: str, after: str
) -> None:
    labels = {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": "a.example.com", label: before}
    assert mended(tmp_path, rule, app(labels), unsafe=False)["labels"] == labels
    assert mended(tmp_path, rule, app(labels), unsafe=True)["labels"] == labels | {label: after}


@pytest.mark.parametrize(
    ("rule", "label", "text"),
    [
        ("label-not-integer", "HAPROXY_0_PORT", "https"),
        ("label-bool-unknown", "HAPROXY_0_STICKY", "maybe"),
        ("value-not-allowed", "HAPROXY_0_BALANCE", "url_param"),
        ("value-not-allowed", "HAPROXY_0_BALANCE", "fastest"),
        ("value-not-allowed", "HAPROXY_0_BALANCE", "source,leastconn"),
        ("network-acl-invalid", "HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL", "10.0.0.0/8,office"),
        ("vhost-malformed", "HAPROXY_0_VHOST", "straße.example.com"),
        ("vhost-malformed", "HAPROXY_0_VHOST", "a..example.com"),
        ("path-syntax", "HAPROXY_0_PATH", "/v(3|4)/"),
        ("auth-not-a-hash", "HAPROXY_0_AUTH", "realm:joe:secret"),
    ],
)
def test_nothing_is_invented(tmp_path: Path, rule: str, label: str, text: str) -> None:
    value = app({"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": "a.example.com", label: text})
    assert mended(tmp_path, rule, value, unsafe=True) == value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("HAPROXY_0_VHOTS", "HAPROXY_0_VHOST"),
        ("haproxy_0_vhost", "HAPROXY_0_VHOST"),
        ("HAPROXY_VHOST", "HAPROXY_0_VHOST"),
        ("HAPROXY_{0}_VHOST", "HAPROXY_0_VHOST"),
        ("HAPROXY_n_VHOST", "HAPROXY_0_VHOST"),
        ("HAPORXY_0_VHOST", "HAPROXY_0_VHOST"),
        (" HAPROXY_0_VHOST", "HAPROXY_0_VHOST"),
        ("HAPROXY_DEPLOYMENT_COLOR", "HAPROXY_DEPLOYMENT_COLOUR"),
        ("HAPROXY_DEPLOYMENT_STARTEDAT", "HAPROXY_DEPLOYMENT_STARTED_AT"),
    ],
)
def test_a_label_that_nobody_reads_is_renamed(tmp_path: Path, before: str, after: str) -> None:
    value = app({"HAPROXY_GROUP": "external", before: "x"})
    assert mended(tmp_path, "label-unknown", value, unsafe=False) == value
    assert mended(tmp_path, "label-unknown", value, unsafe=True)["labels"] == {"HAPROXY_GROUP": "external", after: "x"}


def test_a_label_is_not_renamed_to_one_that_is_there(tmp_path: Path) -> None:
    value = app({"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": "a.example.com", "HAPROXY_VHOST": "b.example.com"})
    assert mended(tmp_path, "label-unknown", value, unsafe=True) == value


@pytest.mark.parametrize(
    ("before", "after", "safe"),
    [
        ("/health check", "/health%20check", True),
        ('/it\'s "ok"', "/it%27s%20%22ok%22", True),
        ("", "/", True),
        ("/health#now", "/health%23now", False),
        ("health", "/health", False),
    ],
)
def test_the_path_of_a_check_is_written_as_a_client_would(tmp_path: Path, before: str, after: str, safe: bool) -> None:
    value = app({"HAPROXY_GROUP": "external"}, healthChecks=[_CHECK | {"path": before}])
    fixed = mended(tmp_path, "check-path-unsafe", value, unsafe=not safe)
    assert fixed["healthChecks"][0]["path"] == after
    if not safe:
        assert mended(tmp_path, "check-path-unsafe", value, unsafe=False) == value


@pytest.mark.parametrize("before", ["1767225600", "1767225600123"])
def test_seconds_become_a_date(tmp_path: Path, before: str) -> None:
    labels = {"HAPROXY_DEPLOYMENT_GROUP": "shop", "HAPROXY_DEPLOYMENT_STARTED_AT": before}
    fixed = mended(tmp_path, "deployment-labels", app(labels), unsafe=False)
    assert fixed["labels"]["HAPROXY_DEPLOYMENT_STARTED_AT"] == "2026-01-01T00:00:00Z"


def test_a_zone_is_guessed_only_when_asked(tmp_path: Path) -> None:
    labels = {"HAPROXY_DEPLOYMENT_GROUP": "shop", "HAPROXY_DEPLOYMENT_STARTED_AT": "2026-01-01 10:00"}
    other = {"HAPROXY_DEPLOYMENT_GROUP": "shop", "HAPROXY_DEPLOYMENT_STARTED_AT": "2026-01-01T11:00:00Z"}
    value = [app(labels), app(other) | {"id": "/shop-green"}]
    assert mended(tmp_path, "deployment-labels", value, unsafe=False) == value
    first, second = mended(tmp_path, "deployment-labels", value, unsafe=True)
    assert first["labels"]["HAPROXY_DEPLOYMENT_STARTED_AT"] == "2026-01-01T10:00:00Z"
    assert second["labels"] == other


def test_labels_that_are_null_go(tmp_path: Path) -> None:
    value = {"id": "/shop", "labels": None, "instances": 1}
    assert mended(tmp_path, "app-shape", value, unsafe=False) == {"id": "/shop", "instances": 1}
