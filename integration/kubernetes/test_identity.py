"""Who the API server takes somebody for that comes through a load balancer."""

from __future__ import annotations

import ssl
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from integration.kubernetes.conftest import EXAMPLES, EXPOSED, HOST, configuration, definition, exposed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from integration.kubernetes.apiserver import ApiServer
    from integration.kubernetes.conftest import Kubectl
    from lbgen.testing import Authority, Haproxy

SPOOFED = {"X-Remote-User": "admin", "X-Remote-Group": "system:masters"}


def who(haproxy: Haproxy, headers: dict[str, str], tls: Any = True) -> str:
    answer: dict[str, str] = haproxy.request(
        6443, "/who-am-i", headers=headers, tls=tls, server_name="localhost", timeout=30
    ).json()
    return answer["user"]


def test_a_token_passes_and_nothing_is_gained_by_headers(load_balancer: Haproxy) -> None:
    token = {"Authorization": "Bearer secret-of-jane"}

    assert who(load_balancer, token) == "jane"
    assert who(load_balancer, {**token, **SPOOFED}) == "jane"
    assert who(load_balancer, SPOOFED) == "system:anonymous"


TERMINATING = ["app", "pool", "improved app", "improved pool"]
PASSING = ["app that passes through", "app that passes through by name"]
PASSING += ["pool that passes through", "pool that passes through by name"]


@pytest.mark.parametrize("name", [*TERMINATING, *PASSING])
def test_a_client_certificate_arrives_where_tls_is_passed_through_only(
    name: str, tmp_path: Path, api: ApiServer, authority: Authority, kubectl_to: Callable[..., Kubectl]
) -> None:
    mine = tmp_path / "mine.pem"
    mine.write_bytes(authority.issue(["jane-by-certificate"]))
    with exposed(configuration(definition(name, tmp_path), api), authority) as haproxy:
        kubectl = kubectl_to(haproxy, **{"client-certificate": str(mine), "client-key": str(mine)})
        out, err, status = kubectl("get", "--raw", "/who-am-i")

    user = "jane-by-certificate" if name in PASSING else "system:anonymous"
    assert (f'"user": "{user}"' in out, status) == (True, 0), err


def test_clients_verify_the_api_server_where_tls_is_passed_through(
    tmp_path: Path, api: ApiServer, authority: Authority
) -> None:
    context = ssl.create_default_context(cadata=authority.pem.decode())
    with exposed(configuration(definition(PASSING[1], tmp_path), api), authority) as haproxy:
        assert who(haproxy, {}, context) == "system:anonymous"
        with pytest.raises(OSError, match=r"EOF|reset|closed"):
            haproxy.request(6443, tls=True, server_name=HOST, timeout=30)


@pytest.mark.parametrize("name", ["improved app", *PASSING])
def test_the_entry_of_a_kubeconfig_that_is_told_works(
    name: str, tmp_path: Path, api: ApiServer, authority: Authority, kubectl_to: Callable[..., Kubectl]
) -> None:
    file = tmp_path / "definition.json"
    told = expose(*EXPOSED[name], "-o", file)
    (entry,) = yaml.safe_load(dedent(told[told.index("  clusters:") : told.index("Next:")]))["clusters"]
    cluster = entry["cluster"] | {"server": entry["cluster"]["server"].replace("PUBLIC-NODE", "localhost")}
    if "certificate-authority" in cluster:
        (tmp_path / "ca.crt").write_bytes(authority.pem)
        cluster["certificate-authority"] = str(tmp_path / "ca.crt")
    with exposed(configuration(file, api), authority) as haproxy:
        out, err, status = kubectl_to(haproxy, cluster, token="secret-of-jane")("get", "--raw", "/who-am-i")

    assert ("insecure-skip-tls-verify" in cluster) == (name not in PASSING)
    assert ('"user": "jane"' in out, status) == (True, 0), err


def expose(*arguments: object) -> str:
    """What the command tells beside the definition."""
    command = [sys.executable, "-m", "lbgen", "expose", "kubernetes-api", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def test_an_api_server_of_another_authority_is_not_spoken_to(
    tmp_path: Path, api: ApiServer, authority: Authority
) -> None:
    other = type(authority).new("other")
    for name, status in (("app", 200), ("verifying app", 503), ("improved app", 503), ("verifying pool", 503)):
        with exposed(configuration(definition(name, tmp_path), api), other) as haproxy:
            assert (name, haproxy.request(6443, "/version", tls=True).status) == (name, status)


def test_whoever_lends_the_aggregator_s_certificate_lets_everybody_be_anybody(
    api: ApiServer, authority: Authority, front_proxy: Path
) -> None:
    text = configuration(EXAMPLES / "kubectl-proxy.json", api)
    lent = text.replace("ssl verify none", "ssl verify none crt /etc/ssl/lent.pem")
    pem = (front_proxy / "aggregator.pem").read_bytes() + (front_proxy / "aggregator-key.pem").read_bytes()
    assert lent != text
    with exposed(lent, authority, **{"/etc/ssl/lent.pem": pem}) as haproxy:
        assert who(haproxy, SPOOFED) == "admin"


@pytest.mark.parametrize(("name", "status"), [("app", 200), ("improved app", 503), ("app that passes through", 503)])
def test_only_the_published_app_has_a_door_in_clear_text(
    name: str, status: int, tmp_path: Path, api: ApiServer, authority: Authority
) -> None:
    with exposed(configuration(definition(name, tmp_path), api), authority) as haproxy:
        answer = haproxy.request(9091, "/who-am-i", headers={"X-Marathon-App-Id": "/kubectl-proxy"}, timeout=30)

    assert answer.status == status


@pytest.mark.parametrize(("name", "address"), [("pool", "0.0.0.0"), ("improved pool", "127.0.0.1")])
def test_only_the_published_pool_shows_its_statistics_to_everybody(
    name: str, address: str, tmp_path: Path, api: ApiServer
) -> None:
    assert f"bind {address}:6090\n" in configuration(definition(name, tmp_path), api)
