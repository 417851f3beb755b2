"""`lbgen expose kubernetes-api` and `lbgen kube url`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.console import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

    Run = Callable[..., Ended]

APP, POOL = (str(ROOT / "examples" / name) for name in ("kubectl-proxy.json", "kubectl-proxy-pool.json"))
ADVICE = """\
lbgen: the load balancer ends TLS, so no client certificate reaches the API server: use bearer tokens, or --passthrough
lbgen: nobody verifies the API server's certificate; --verify ca does

In your kubeconfig, with a public node's address:

  clusters:
  - name: kubernetes
    cluster:
      server: https://PUBLIC-NODE:6443
      insecure-skip-tls-verify: true  # the load balancer's certificate is self-signed

Next:

  lbgen lint kubectl-proxy.json
  lbgen haproxy from-app kubectl-proxy.json --check auto
  dcos marathon app add kubectl-proxy.json
"""


def test_the_definition_goes_to_standard_output_and_advice_beside_it(run: Run) -> None:
    out, err, status = run("expose", "kubernetes-api")

    assert json.loads(out) == json.loads((ROOT / "examples" / "kubectl-proxy.json").read_text())
    assert (err, status) == (ADVICE, 0)


def test_a_pool_into_a_file(run: Run) -> None:
    out, err, status = run("expose", "kubernetes-api", "--via", "edge-lb", "-o", "pool.json")

    published = json.loads((ROOT / "examples" / "kubectl-proxy-pool.json").read_text())
    assert (out, json.loads(Path("pool.json").read_text()), status) == ("", published, 0)
    assert err.endswith("  dcos edgelb create pool.json\n")


def test_a_certificate_that_somebody_signed_is_verified(run: Run) -> None:
    out, err, _ = run("expose", "kubernetes-api", "--ssl-cert", "/etc/ssl/api.pem")

    assert json.loads(out)["labels"]["HAPROXY_0_SSL_CERT"] == "/etc/ssl/api.pem"
    assert "      certificate-authority: ca.crt  # who has signed /etc/ssl/api.pem\n" in err
    assert "insecure" not in err


def test_nothing_but_the_definition_is_told_with_quiet(run: Run) -> None:
    assert run("expose", "kubernetes-api", "-q").err == ""


def test_the_package_s_options_name_the_service_and_say_that_it_can_be_verified(run: Run) -> None:
    Path("options.json").write_text(
        '{"service": {"name": "kubernetes-prod", "service_account": "k"}, "kubernetes": {"public_node_count": 2}}'
    )
    out, err, _ = run("expose", "kubernetes-api", "--options", "options.json")

    options = json.loads(out)["labels"]["HAPROXY_0_BACKEND_SERVER_OPTIONS"]
    assert "apiserver.kubernetes-prod.l4lb.thisdcos.directory:6443 ssl verify required ca-file" in options
    assert (
        "lbgen: the cluster has 2 public nodes: where one runs beside the load balancer, workloads cannot use 80, 443, "
        in err
    )


def test_the_command_line_wins_over_the_package_s_options(run: Run) -> None:
    Path("options.json").write_text('{"service": {"name": "kubernetes-prod", "service_account": "k"}}')
    out = run(
        "expose", "kubernetes-api", "--options", "options.json", "--service-name", "other", "--verify", "none"
    ).out

    assert "apiserver.other.l4lb.thisdcos.directory:6443 ssl verify none" in out


def test_options_with_a_comma_too_many_are_refused_with_the_place(run: Run) -> None:
    Path("options.json").write_text('{\n  "kubernetes": {\n    "node_count": 2,\n  }\n}\n')
    out, err, status = run("expose", "kubernetes-api", "--options", "options.json", "-o", "app.json")

    assert (out, status, Path("app.json").exists()) == ("", 2, False)
    assert err.startswith("lbgen: error: options.json:3:20: ")


@pytest.mark.parametrize(
    ("arguments", "user"),
    [
        (["--port", "9091"], "9091 is used on the node already, by Marathon-LB itself"),
        (["--port", "10150"], "10150 is used on the node already, by Marathon, which gives 10000 to 10150 to its apps"),
        (["--port", "8000", "--lb-ports", "8000"], "8000 is used on the node already, by Marathon-LB itself"),
        (["--via", "edge-lb", "--port", "443", "--lb-ports", "80,443"], "443 is used on the node already"),
        (["--via", "edge-lb", "--port", "6090"], "6090 is used on the node already, by the pool's own statistics"),
        (
            ["--id", "other", "--beside", APP],
            "6443 is used on the node already, by /kubectl-proxy (HAPROXY_0_PORT), as ",
        ),
        (
            ["--via", "edge-lb", "--stats-port", "6443", "--port", "7000", "--id", "other", "--beside", POOL],
            '6443 is used on the node already, by the frontend "frontend_0.0.0.0_6443" of the pool kubectl-proxy',
        ),
    ],
)
def test_a_port_that_is_used_is_refused_with_its_user(run: Run, arguments: list[str], user: str) -> None:
    out, err, status = run("expose", "kubernetes-api", *arguments, "-o", "app.json")

    assert (out, status, Path("app.json").exists()) == ("", 1, False)
    assert f"lbgen: error: {user}" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "443", "--via", "edge-lb"],
        ["--port", "10200"],
        ["--beside", APP],
        ["--via", "edge-lb", "--beside", POOL],
    ],
)
def test_a_port_that_nobody_else_has_is_not(run: Run, arguments: list[str]) -> None:
    assert run("expose", "kubernetes-api", *arguments).status == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--sni", "a.example.org"],
        ["--verify", "none", "--ca-file", "/ca.pem"],
        ["--passthrough", "--verify", "ca"],
        ["--passthrough", "--ssl-cert", "/a.pem"],
        ["--via", "edge-lb", "--ssl-cert", "/a.pem"],
        ["--service-name", "a b"],
        ["--service-name", ""],
        ["--verify", "ca", "--ca-file", ""],
        ["--host", "a.example.org"],
        ["--allowed-name", "aggregator"],
        ["--subject", "O=k8s"],
        ["--options", "missing.json"],
        ["-o", "missing/app.json"],
    ],
)
def test_options_that_make_no_sense(run: Run, arguments: list[str]) -> None:
    out, err, status = run("expose", "kubernetes-api", *arguments)

    assert (out, status) == ("", 2)
    assert err.startswith("lbgen: error: ")


@pytest.mark.parametrize(
    ("via", "option"), [("edge-lb", "--group"), ("marathon-lb", "--stats-port"), ("marathon-lb", "--stats-address")]
)
def test_options_that_say_nothing_are_told(run: Run, via: str, option: str) -> None:
    err = run("expose", "kubernetes-api", "--via", via, option, "6091").err

    assert err.startswith(f"lbgen: {option} says nothing here: it is not for {via}\n")


def test_certificates_are_made_and_are_right(run: Run) -> None:
    made = run("expose", "kubernetes-api", "--make-certificates", "ssl", "--host", "192.0.2.1")
    looked = run(
        "expose", "kubernetes-api", "--check-certificates", "ssl", "--host", "kubernetes", "--host", "192.0.2.1"
    )

    assert (made.out.split(), made.status) == (
        ["ssl/aggregator-ca.pem", "ssl/aggregator-ca-key.pem", "ssl/aggregator.pem", "ssl/aggregator-key.pem"],
        0,
    )
    assert "  --requestheader-client-ca-file=ssl/aggregator-ca.pem\n" in made.err
    assert (looked.err, looked.status) == ("lbgen: nothing is wrong with them\n", 0)
    assert "ssl/aggregator-key.pem: the private key of aggregator.pem\n" in looked.out


def test_what_is_wrong_with_certificates_ends_with_1(run: Run) -> None:
    run("expose", "kubernetes-api", "--make-certificates", "ssl", "--allowed-name", "front-proxy")
    out, err, status = run("expose", "kubernetes-api", "--check-certificates", "ssl")

    assert 'front-proxy.pem: error: its common name "front-proxy" is none of those allowed: aggregator\n' in out
    assert (err, status) == ("lbgen: one thing has to be mended\n", 1)


def test_certificates_are_not_made_where_they_are(run: Run) -> None:
    run("expose", "kubernetes-api", "--make-certificates", "ssl")
    before = {path.name: path.read_bytes() for path in Path("ssl").iterdir()}
    Path("ssl/aggregator-ca.pem").unlink()
    out, err, status = run("expose", "kubernetes-api", "--make-certificates", "ssl")

    assert (out, status) == ("", 2)
    assert err.startswith("lbgen: error: cannot write ssl/aggregator-ca-key.pem: it is there already")
    del before["aggregator-ca.pem"]
    assert {path.name: path.read_bytes() for path in Path("ssl").iterdir()} == before


@pytest.mark.parametrize("option", ["--make-certificates", "--check-certificates"])
def test_a_directory_has_a_name(run: Run, option: str) -> None:
    assert run("expose", "kubernetes-api", option, "").status == 2


def test_certificates_are_made_or_looked_at(run: Run) -> None:
    assert run("expose", "kubernetes-api", "--make-certificates", "a", "--check-certificates", "b").status == 2


def test_the_url_of_a_service(run: Run) -> None:
    arguments = ["--namespace", "kube-system", "--service", "logging", "--https", "--server", "https://192.0.2.1"]

    assert run("kube", "url", *arguments, "_cluster/health?pretty=true") == (
        "https://192.0.2.1/api/v1/namespaces/kube-system/services/https:logging:/proxy/_cluster/health?pretty=true\n",
        "",
        0,
    )
