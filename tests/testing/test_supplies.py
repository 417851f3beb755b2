"""Certificates that a test does not bring."""

from __future__ import annotations

from cryptography import x509

from lbgen.testing.supplies import with_certificates

TEXT = "frontend f\n  bind :443 ssl crt /etc/ssl/a.pem crt /etc/ssl/b.pem\n  bind :444 ssl crt /etc/ssl/more/\n"


def test_missing_ones_are_made_and_given_ones_kept() -> None:
    files = with_certificates(TEXT, {"/etc/ssl/a.pem": b"mine"}, {})
    assert files["/etc/ssl/a.pem"] == b"mine"
    assert files.keys() == {"/etc/ssl/a.pem", "/etc/ssl/b.pem", "/etc/ssl/more/lbgen.pem"}


def test_what_is_made_is_for_this_machine() -> None:
    made = x509.load_pem_x509_certificate(with_certificates(TEXT, {}, {})["/etc/ssl/b.pem"])
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]


def test_a_directory_that_is_filled_gets_no_other() -> None:
    files = with_certificates("frontend f\n  bind :1 ssl crt /certs\n", {"/certs/mine.pem": b""}, {})
    assert files.keys() == {"/certs/mine.pem"}
