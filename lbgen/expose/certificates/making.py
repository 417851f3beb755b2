"""A certificate authority and a certificate of it, with which an API server speaks to aggregated ones."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from lbgen.dataclass import dataclass
from lbgen.errors import ToolError, UsageError
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAME = "aggregator"
HOSTS = (
    "127.0.0.1",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster",
    "kubernetes.default.svc.cluster.local",
)
"""Under which names an API server is reached from inside its cluster."""
YEARS = 10


@dataclass(frozen=True, slots=True)
class Set:
    """What is made: `subject` of both certificates but for the common name, which is `name`; `hosts` of the second."""

    name: str = NAME
    subject: str = "O=k8s,OU=System"
    hosts: tuple[str, ...] = HOSTS


def make_certificates(directory: Path, wanted: Set) -> Sequence[Path]:
    """Makes the set in the directory, and gives the four files: `<name>-ca.pem`, `<name>.pem`, and a key of each.

    Nothing that is there is replaced. Raises UsageError for names that no certificate can hold, ToolError where a file
    is there already or cannot be written.
    """
    subject = _subject(wanted)
    hosts = [_host(each) for each in wanted.hosts]
    ca_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    ca = _authority(subject, ca_key)
    certificate = _certificate(subject, key, ca, ca_key, hosts)
    texts = {
        f"{wanted.name}-ca.pem": _pem(ca),
        f"{wanted.name}-ca-key.pem": _key_pem(ca_key),
        f"{wanted.name}.pem": _pem(certificate),
        f"{wanted.name}-key.pem": _key_pem(key),
    }
    return _write(directory, texts)


_FILE = regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def _subject(wanted: Set) -> x509.Name:
    if not _FILE.fullmatch(wanted.name):
        raise UsageError(f"{wanted.name!r:.80} cannot name certificates and files: letters, digits, . _ and - can")
    try:
        return x509.Name.from_rfc4514_string(f"CN={wanted.name},{wanted.subject}".removesuffix(","))
    except ValueError as error:
        reason = f": {error}" if str(error) else ""
        help_ = "it is written as in O=k8s,OU=System"
        raise UsageError(f"no certificate can have the subject {wanted.subject!r:.80}{reason}", help=help_) from None


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        if not _HOST.fullmatch(text):
            raise UsageError(f"{text!r:.80} is neither a host name nor an address") from None
        return x509.DNSName(text)


_HOST = regex(r"(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def _authority(subject: x509.Name, key: rsa.RSAPrivateKey) -> x509.Certificate:
    usage = _usage(key_cert_sign=True, crl_sign=True)
    return (
        _begun(subject, subject, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )


def _certificate(
    subject: x509.Name,
    key: rsa.RSAPrivateKey,
    ca: x509.Certificate,
    ca_key: rsa.RSAPrivateKey,
    hosts: Sequence[x509.GeneralName],
) -> x509.Certificate:
    both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    # The two have one name: without these, nobody could tell that the authority signed it, and not itself.
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    builder = (
        _begun(subject, ca.subject, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, key_encipherment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(both), critical=False)
        .add_extension(issuer, critical=False)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
    return builder.sign(ca_key, hashes.SHA256())


def _begun(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    # Clocks differ.
    begins, ends = now - dt.timedelta(minutes=5), now + dt.timedelta(days=365 * YEARS)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _usage(**on: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: on.get(name, False) for name in _USAGES})


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: rsa.RSAPrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _write(directory: Path, texts: dict[str, bytes]) -> list[Path]:
    """Writes all of them, or none; nobody but the owner reads what is written."""
    written: list[Path] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            path = directory / name
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _mode(name)), "wb") as file:
                written.append(path)
                file.write(text)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        reason = "it is there already, and is not replaced" if isinstance(error, FileExistsError) else error.strerror
        raise ToolError(f"cannot write {error.filename or directory}: {reason}") from None
    return written


def _mode(name: str) -> int:
    return 0o600 if name.endswith("-key.pem") else 0o644
