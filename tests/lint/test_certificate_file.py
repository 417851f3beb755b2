"""Certificates that are on this machine are opened; of all others it is remarked where they have to be."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from lbgen.check.throwaway import Authority
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
KEY = ec.generate_private_key(ec.SECP256R1())
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificate(*names: str, days: int = 1) -> bytes:
    """A certificate for these hosts that ends so many days from now."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a server")])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority")])
    builder = x509.CertificateBuilder(issuer, subject, KEY.public_key(), 1)
    builder = builder.not_valid_before(NOW - dt.timedelta(days=90)).not_valid_after(NOW + dt.timedelta(days=days))
    if names:
        hosts = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(hosts, critical=False)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.PEM)


def told(tmp_path: Path, content: bytes | None, vhosts: str = "shop.example.com") -> list[str]:
    file = tmp_path / "shop.pem"
    if content is not None:
        file.write_bytes(content)
    labels = {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": vhosts, "HAPROXY_0_SSL_CERT": str(file)}
    app = {"id": "/shop", "labels": labels, "portDefinitions": [{"port": 10001}]}
    (tmp_path / "app.json").write_text(json.dumps(app))
    findings = lint([str(tmp_path / "app.json")], Options(groups=(), group_https_by_vhost=True)).findings
    return [f"{each.severity}: {each.message}" for each in findings if each.rule == "certificate-file"]


@pytest.mark.parametrize(
    ("names", "vhosts"),
    [
        (("shop.example.com",), "shop.example.com"),
        (("SHOP.example.com",), "shop.Example.com"),
        (("*.example.com",), "shop.example.com,www.example.com"),
        ((), "shop.example.com"),
    ],
)
def test_a_good_one_is_fine(tmp_path: Path, names: tuple[str, ...], vhosts: str) -> None:
    assert told(tmp_path, PRIVATE + certificate(*names), vhosts) == []


def test_one_that_is_elsewhere_has_to_be_on_the_load_balancer(tmp_path: Path) -> None:
    sentence = "has to be on the load balancer, or the configuration fails for all apps"
    assert told(tmp_path, None) == [f'info: "{tmp_path / "shop.pem"!s:.60}" {sentence}']


def test_a_directory_will_do(tmp_path: Path) -> None:
    (tmp_path / "shop.pem").mkdir()
    assert told(tmp_path, None) == []


def test_it_should_not_be_expired(tmp_path: Path) -> None:
    ended = NOW - dt.timedelta(days=3)
    content = PRIVATE + certificate("shop.example.com", days=-3)
    assert told(tmp_path, content) == [f"error: the certificate in the file expired on {ended:%Y-%m-%d}"]


@pytest.mark.parametrize("vhost", ["other.example.com", "a.shop.example.com"])
def test_it_should_be_for_the_vhost(tmp_path: Path, vhost: str) -> None:
    message = f'warning: the certificate in the file is made out to *.example.org, not to "{vhost}"'
    assert told(tmp_path, PRIVATE + certificate("*.example.org"), vhost) == [message]


def test_a_star_stands_for_one_part_of_a_name(tmp_path: Path) -> None:
    assert told(tmp_path, PRIVATE + certificate("*.example.com"), "a.shop.example.com")


def test_it_needs_a_key(tmp_path: Path) -> None:
    assert told(tmp_path, certificate("shop.example.com")) == ["error: the file has no private key"]


@pytest.mark.parametrize("name", ["shop.pem.key", "shop.key"])
def test_the_key_may_be_beside_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PRIVATE)
    assert told(tmp_path, certificate("shop.example.com")) == []


def test_a_list_of_authorities_is_this_machines_own(tmp_path: Path) -> None:
    assert told(tmp_path, Authority.new().pem) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 100, b"-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n"],
)
def test_what_is_no_certificate_is_left_to_haproxy(tmp_path: Path, content: bytes) -> None:
    assert told(tmp_path, content) == []
