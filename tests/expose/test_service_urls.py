"""URLs of services behind an API server's proxy."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.errors import UsageError
from lbgen.expose.service_urls import service_url

SERVER = "https://192.0.2.1"
LOGGING = f"{SERVER}/api/v1/namespaces/kube-system/services"


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "logging/proxy/"),
        ({"port": "http"}, "logging:http/proxy/"),
        ({"port": "9200"}, "logging:9200/proxy/"),
        ({"https": True}, "https:logging:/proxy/"),
        ({"https": True, "port": "9200"}, "https:logging:9200/proxy/"),
        ({"path": "_search?q=user:kimchy"}, "logging/proxy/_search?q=user:kimchy"),
        ({"path": "/_cluster/health?pretty=true"}, "logging/proxy/_cluster/health?pretty=true"),
        ({"path": "a%2Fb//c:d?x=%20&y=a/b?c"}, "logging/proxy/a%2Fb//c:d?x=%20&y=a/b?c"),
        ({"path": "%2f%2F%e4?x=%41+b"}, "logging/proxy/%2f%2F%e4?x=%41+b"),
        ({"path": "100%?a=%zz&b=%"}, "logging/proxy/100%25?a=%25zz&b=%25"),
        ({"path": "\udcff"}, "logging/proxy/%FF"),
        ({"path": "//a/../b"}, "logging/proxy//a/../b"),
        ({"path": "?q"}, "logging/proxy/?q"),
        ({"path": 'a b"ü\n?q=a b#c'}, "logging/proxy/a%20b%22%C3%BC%0A?q=a%20b%23c"),
    ],
)
def test_the_ways_of_naming_a_service(given: dict[str, Any], url: str) -> None:
    assert service_url(SERVER, "kube-system", "logging", **given) == f"{LOGGING}/{url}"


@pytest.mark.parametrize(
    ("server", "base"),
    [
        ("192.0.2.1:6443", "https://192.0.2.1:6443"),
        ("http://localhost:8001/", "http://localhost:8001"),
        ("https://[2001:db8::1]:6443", "https://[2001:db8::1]:6443"),
        ("https://example.org/k8s/", "https://example.org/k8s"),
        ("https://kube_api.example.org.", "https://kube_api.example.org."),
    ],
)
def test_a_server_has_a_scheme_and_perhaps_a_path(server: str, base: str) -> None:
    assert service_url(server, "a", "b") == f"{base}/api/v1/namespaces/a/services/b/proxy/"


@pytest.mark.parametrize(
    "server",
    [
        "",
        "ftp://a",
        "https://",
        "https://a b",
        "https://a:x",
        "https://a?b",
        "https://[::1",
        "https://a:0",
        "https://a\\nb",
        "https://a\x07",
        "https://a\udcff",
        "https://a:99999",
    ],
)
def test_what_is_no_server(server: str) -> None:
    with pytest.raises(UsageError, match="is not the URL of an API"):
        service_url(server, "a", "b")


@pytest.mark.parametrize(
    "given",
    [
        {"namespace": "A"},
        {"namespace": "a/b"},
        {"service": "a:b"},
        {"service": "../x"},
        {"service": "a" * 64},
        {"port": "a/b"},
        {"port": "HTTP"},
        {"port": "a" * 16},
        {"port": "a\n"},
        {"port": "0"},
        {"port": "65536"},
        {"port": "123456"},
        {"port": "-a"},
        {"port": "a--b"},
    ],
)
def test_what_nothing_can_be_called(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        service_url(**({"server": SERVER, "namespace": "a", "service": "b"} | given))
