"""What a pool does with TLS, proved by traffic on every HAProxy: ends it, passes it through, or speaks it itself."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING

import pytest

from integration.edgelb.traffic_pool import AUTOCERT, HTTPS, NAME, TCP, TLS, configuration
from lbgen.testing import run_haproxy, trusting

if TYPE_CHECKING:
    from integration.edgelb.conftest import Traffic


def test_https_is_ended_with_the_automatic_certificate(traffic: Traffic) -> None:
    context = trusting(traffic.certificate)
    seen = traffic.haproxy.request(HTTPS, tls=context, server_name=NAME).json()
    assert seen["stub"] == "other"
    assert "tls" not in seen
    with pytest.raises(ssl.SSLCertVerificationError):
        traffic.haproxy.request(HTTPS, tls=trusting(traffic.authority), server_name=NAME)


@pytest.mark.parametrize(
    ("server_name", "path", "backend"),
    [
        ("shop.example.org", "/", "eq"),
        ("SHOP.example.org", "/", "eq"),
        ("shop.example.org.evil.test", "/", "other"),
        ("workshop.example.org", "/", "other"),
        ("shopxexample.org", "/", "other"),
        ("one.reg.test", "/", "reg"),
        ("1.reg.test", "/", "other"),
        ("both.test", "/x", "both"),
        ("both.test", "/y", "other"),
        (None, "/x", "other"),
    ],
)
def test_https_is_routed_by_the_name_of_the_handshake(
    traffic: Traffic, server_name: str | None, path: str, backend: str
) -> None:
    for host in (server_name or "x", "both.test", "shop.example.org:443"):
        answer = traffic.haproxy.request(HTTPS, path, headers={"Host": host}, tls=True, server_name=server_name)
        assert answer.json()["stub"] == backend


def test_https_can_be_routed_by_the_host_header(traffic: Traffic) -> None:
    text = configuration(traffic.stubs["web"].host, https_host="host")
    with run_haproxy(text, stubs=traffic.stubs, files={AUTOCERT: traffic.certificate}) as haproxy:
        for host, path, backend in (
            ("SHOP.example.org:443", "/", "eq"),
            ("shop.example.org.evil.test", "/", "other"),
            ("one.reg.test", "/", "reg"),
            ("both.test", "/x", "both"),
            ("both.test", "/y", "other"),
        ):
            answer = haproxy.request(HTTPS, path, headers={"Host": host}, tls=True, server_name="shop.example.org")
            assert answer.json()["stub"] == backend


@pytest.mark.parametrize(
    ("server_name", "backend"), [("one.secure.test", "one"), ("two.secure.test", "two"), ("three.secure.test", "three")]
)
def test_tls_is_passed_through_by_its_server_name(traffic: Traffic, server_name: str, backend: str) -> None:
    """The client sees the certificate of the server, and the server sees the handshake of the client."""
    for name in (server_name, server_name.upper()):
        seen = traffic.haproxy.request(TLS, "/x", tls=trusting(traffic.authority), server_name=name).json()
        assert (seen["stub"], seen["path"], seen["tls"]["server_name"].lower()) == (backend, "/x", server_name)
        assert [header for header in seen["headers"] if header.startswith("x-forwarded")] == []


@pytest.mark.parametrize("server_name", ["one.secure.test.evil.test", "everyone.secure.test", "onexsecure.test", None])
def test_tls_for_other_names_goes_to_the_default(traffic: Traffic, server_name: str | None) -> None:
    assert traffic.haproxy.request(TLS, tls=True, server_name=server_name).json()["stub"] == "three"


def test_the_pools_own_certificate_is_not_shown_where_tls_is_passed_through(traffic: Traffic) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        traffic.haproxy.request(TLS, tls=trusting(traffic.certificate), server_name=NAME)


def test_servers_of_a_backend_of_https_are_spoken_to_in_tls(traffic: Traffic) -> None:
    seen = traffic.named("sealed", "/x").json()
    assert (seen["stub"], seen["path"]) == ("one", "/x")
    assert seen["tls"]["version"].startswith("TLSv1")


def test_tcp_is_passed_on_as_it_is(traffic: Traffic) -> None:
    with traffic.haproxy.connect(TCP) as connection, connection.makefile("rb") as lines:
        assert json.loads(lines.readline())["stub"] == "echo"
        connection.sendall(b"\x01 any bytes at all\n")
        assert lines.readline() == b"\x01 any bytes at all\n"
