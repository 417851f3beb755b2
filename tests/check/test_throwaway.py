"""Certificates for one check or one test."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lbgen.check.throwaway import Authority, self_signed


def names(pem: bytes) -> list[str]:
    certificate = x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERT") :])
    alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in alternatives]


def test_a_self_signed_certificate_carries_its_key_and_names() -> None:
    pem = self_signed(["a.example.org", "192.0.2.1", "2001:db8::1"])
    assert names(pem) == ["a.example.org", "192.0.2.1", "2001:db8::1"]
    key = load_pem_private_key(pem, None)
    certificate = x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERT") :])
    assert key.public_key() == certificate.public_key()


def test_long_names_are_fine() -> None:
    assert names(self_signed([f"{'a' * 60}.{'b' * 60}.example.org"]))


def handshake(authority: Authority, pem: bytes, directory: Path) -> None:
    """A TLS handshake in memory: the client trusts the authority, the server shows the certificate."""
    (directory / "server.pem").write_bytes(pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(directory / "server.pem")
    client = ssl.create_default_context(cadata=authority.pem.decode())
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname="a.example.org"),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for _ in range(4):
        for end in list(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            ends.remove(end)
    assert not ends


def test_a_client_that_trusts_the_authority_accepts_what_it_issues(tmp_path: Path) -> None:
    authority = Authority.new()
    handshake(authority, authority.issue(["a.example.org"]), tmp_path)


@pytest.mark.parametrize("host", ["a.example.org", "b.example.org"])
def test_a_client_refuses_what_another_authority_issues_or_another_name(host: str, tmp_path: Path) -> None:
    authority = Authority.new()
    issuer = Authority.new() if host == "a.example.org" else authority
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(authority, issuer.issue([host]), tmp_path)


def test_the_revocation_list_is_the_authoritys_own_and_empty() -> None:
    authority = Authority.new("the authority")
    revocations = x509.load_pem_x509_crl(authority.revocations())
    assert revocations.issuer.rfc4514_string() == "CN=the authority"
    assert list(revocations) == []
    assert revocations.is_signature_valid(authority.key.public_key())
