"""What is written for the defaults is what the documentation of DC/OS Kubernetes publishes; the rest is mended."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.errors import UsageError
from lbgen.expose.apiserver import ApiServer
from lbgen.expose.marathon_app import marathon_app
from lbgen.expose.pool import pool
from lbgen.finding import Severity
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options
from tests.console import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("made", "published"),
    [
        (marathon_app(ApiServer()), "kubectl-proxy.json"),
        (marathon_app(ApiServer(verify="ca")), "kubectl-proxy-verify.json"),
        (marathon_app(ApiServer(service_name="devkubernetes01", name="kubeapi-proxy")), "kubeapi-proxy.json"),
        (pool(ApiServer()), "kubectl-proxy-pool.json"),
    ],
)
def test_the_defaults_are_the_published_definitions(made: dict[str, Any], published: str) -> None:
    assert made == json.loads((ROOT / "examples" / published).read_text())


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("kubernetes", "apiserver.kubernetes.l4lb.thisdcos.directory"),
        ("kubernetes-prod", "apiserver.kubernetes-prod.l4lb.thisdcos.directory"),
        ("/team/kubernetes", "apiserver.teamkubernetes.l4lb.thisdcos.directory"),
        ("a" * 63, f"apiserver.{'a' * 63}.l4lb.thisdcos.directory"),
    ],
)
def test_the_service_names_the_host(name: str, host: str) -> None:
    assert f"  server kube-apiserver {host}:6443 ssl verify none\n" in options(
        marathon_app(ApiServer(service_name=name))
    )


def options(app: dict[str, Any]) -> str:
    text: str = app["labels"]["HAPROXY_0_BACKEND_SERVER_OPTIONS"]
    return text


def test_a_pool_finds_the_framework_by_its_name() -> None:
    (backend,) = pool(ApiServer(service_name="/team/kubernetes"))["haproxy"]["backends"]

    assert backend["services"][0]["mesos"]["frameworkName"] == "team/kubernetes"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("service_name", "kube rnetes"),
        ("service_name", "a\nb"),
        ("service_name", "{backend}"),
        ("service_name", ""),
        ("service_name", "a/"),
        ("service_name", "a-"),
        ("service_name", "a..b"),
        ("service_name", "a//b"),
        ("service_name", "../a"),
        ("service_name", "a" * 64),
        ("name", "Proxy"),
        ("name", "a/b"),
        ("ca_file", "/a b"),
        ("ca_file", "/a}b"),
        ("ssl_cert", '/a"b'),
        ("ssl_cert", "/a,/b"),
        ("ca_file", ""),
        ("ssl_cert", "/a\x07b"),
        ("group", "a,b"),
        ("stats_address", "a b"),
        ("stats_address", ""),
        ("sni", "a } or { always_true"),
    ],
)
def test_what_would_not_be_one_word_is_refused(field: str, value: str) -> None:
    with pytest.raises(UsageError, match="cannot be used"):
        ApiServer(**{field: value})  # type: ignore[arg-type]


ALL = [
    ApiServer(improved=improved, verify=verify, passthrough=passthrough, sni=sni)  # type: ignore[arg-type]
    for improved, verify, (passthrough, sni) in product(
        (False, True), ("none", "ca"), ((False, None), (True, None), (True, "api.example.org"))
    )
]


def findings(tmp_path: Path, definition: dict[str, Any]) -> set[str]:
    file = tmp_path / "definition.json"
    file.write_text(json.dumps(definition))
    linted = lint([str(file)], Options())
    return {finding.rule for finding in linted.findings if finding.severity >= Severity.WARNING}


@pytest.mark.parametrize("api", ALL)
def test_an_app_lints_clean_but_for_what_is_published_wrong(tmp_path: Path, api: ApiServer) -> None:
    clean = api.improved or api.passthrough

    assert findings(tmp_path, marathon_app(api)) == (set() if clean else {"clear-text-door", "directive-wrong-section"})


@pytest.mark.parametrize("api", ALL)
def test_a_pool_lints_clean_but_for_what_is_published_wrong(tmp_path: Path, api: ApiServer) -> None:
    expected = set() if api.improved else {"control-endpoint-open"}
    expected |= set() if api.improved or api.passthrough else {"silence-cut"}

    assert findings(tmp_path, pool(api)) == expected


def test_an_improved_pool_waits_as_long_as_an_app_does() -> None:
    haproxy = pool(ApiServer(improved=True))["haproxy"]

    assert haproxy["frontends"][0]["miscStrs"] == ["timeout client 86400s"]
    assert "timeout server 86400s" in haproxy["backends"][0]["miscStrs"]
    assert haproxy["stats"] == {"bindPort": 6090, "bindAddress": "127.0.0.1"}


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "[::1]", "*", "lb.example.org"])
def test_statistics_may_have_any_address(address: str) -> None:
    assert pool(ApiServer(stats_address=address))["haproxy"]["stats"] == {"bindPort": 6090, "bindAddress": address}


def test_what_is_passed_through_is_not_decrypted() -> None:
    app, made = (definition(ApiServer(passthrough=True)) for definition in (marathon_app, pool))

    assert app["labels"]["HAPROXY_0_MODE"] == "tcp"
    assert "HAPROXY_0_SSL_CERT" not in app["labels"]
    assert options(app).endswith(":6443\n")
    assert (made["haproxy"]["frontends"][0]["protocol"], made["haproxy"]["backends"][0]["protocol"]) == ("TCP", "TCP")
