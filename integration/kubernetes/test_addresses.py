"""Addresses behind the API server's proxies arrive as they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from integration.kubernetes.conftest import lbgen

if TYPE_CHECKING:
    from lbgen.testing import Haproxy

SERVICES = [
    (["--service", "elasticsearch-logging"], "_search?q=user:kimchy"),
    (["--service", "elasticsearch-logging"], "_cluster/health?pretty=true"),
    (["--service", "elasticsearch-logging", "--https"], "_cluster/health?pretty=true"),
    (["--service", "web", "--port", "http"], "a%2Fb//c/../d:e;f=1?x=%20&y=a/b?c&z"),
    (["--service", "web", "--https", "--port", "8443"], "%E4%BD%A0/?q=%25"),
    (["--service", "web"], ""),
    (["--service", "web"], "100%?a b#ü|{}"),
]


@pytest.mark.parametrize(("service", "path"), SERVICES)
def test_the_address_of_a_service_arrives_unchanged(load_balancer: Haproxy, service: list[str], path: str) -> None:
    server = load_balancer.url(6443, "", "https")
    url = lbgen("kube", "url", "--namespace", "kube-system", *service, "--server", server, path).strip()
    target = url.removeprefix(server)
    answer = load_balancer.request(6443, target, tls=True, server_name="localhost", timeout=30)

    assert urlsplit(url).path.startswith("/api/v1/namespaces/kube-system/services/")
    assert answer.json()["target"] == target


@pytest.mark.parametrize("path", ["/apis/myextension.mycompany.io/v1/things", "/apis/a.b/v1beta1/x?watch=0&limit=500"])
def test_aggregated_apis_pass(load_balancer: Haproxy, path: str) -> None:
    answer = load_balancer.request(6443, path, tls=True, server_name="localhost", timeout=30)

    assert (answer.status, answer.json()["target"]) == (200, path)
