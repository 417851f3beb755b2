"""Certificates that are made for one check or one test and thrown away afterwards."""

from __future__ import annotations

import datetime as dt
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIFETIME = dt.timedelta(days=2)
_LEEWAY = dt.timedelta(hours=1)
_SIGNS = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=True,
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority that signs with a key of its own; `Authority.new()` makes one."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def new(cls, name: str = "lbgen throw-away authority") -> Authority:
        """An authority of this name, good for two days."""
        key = _key()
        builder = _builder(_name(name), _name(name), key).add_extension(_SIGNS, critical=True)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return cls(key, builder.sign(key, hashes.SHA256()))

    @property
    def pem(self) -> bytes:
        """The certificate of the authority, as a `ca-file` holds it."""
        return self.certificate.public_bytes(Encoding.PEM)

    def issue(self, names: Sequence[str]) -> bytes:
        """A key and a certificate for these DNS names and IP addresses, in one PEM, as `crt` takes it."""
        key = _key()
        builder = _for_names(_builder(_name(names[0]), self.certificate.subject, key), names)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        certificate = builder.add_extension(issuer, critical=False).sign(self.key, hashes.SHA256())
        return _pem(key, certificate)

    def revocations(self) -> bytes:
        """A list of revoked certificates that revokes none, in PEM, as `crl-file` takes it."""
        now = _now()
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(now - _LEEWAY).next_update(now + _LIFETIME)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def self_signed(names: Sequence[str], lifetime: dt.timedelta = _LIFETIME) -> bytes:
    """A key and a self-signed certificate for these DNS names and IP addresses, in one PEM; good for two days."""
    key = _key()
    builder = _for_names(_builder(_name(names[0]), _name(names[0]), key, lifetime), names)
    return _pem(key, builder.sign(key, hashes.SHA256()))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(text: str) -> x509.Name:
    # RFC 5280 leaves a common name 64 characters.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, lifetime: dt.timedelta = _LIFETIME
) -> x509.CertificateBuilder:
    now = _now()
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - _LEEWAY)
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _for_names(builder: x509.CertificateBuilder, names: Sequence[str]) -> x509.CertificateBuilder:
    alternatives = x509.SubjectAlternativeName([_general_name(name) for name in names])
    return builder.add_extension(alternatives, critical=False)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
