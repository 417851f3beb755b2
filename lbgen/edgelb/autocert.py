"""The certificate that a pool makes for itself."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

RSA, EC = "rsa", "ec"
FILE = "autocert.pem"
"""What the file is called in the directory of certificates."""
_YEARS = 10
_LEEWAY = dt.timedelta(hours=1)


def automatic_certificate(pool: str, kind: str = RSA) -> bytes:
    """A new key (RSA of 4096 bits, or on the curve P-256) and its self-signed certificate, in one PEM.

    The certificate is for the name of the pool, is good for ten years and has a random serial number.
    """
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key: RSAPrivateKey | EllipticCurvePrivateKey
    key = ec.generate_private_key(ec.SECP256R1()) if kind == EC else rsa.generate_private_key(65537, 4096)
    certificate = _builder(pool, key).sign(key, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


def _builder(pool: str, key: RSAPrivateKey | EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    public = key.public_key()
    # RFC 5280 leaves a common name 64 characters.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, pool[:64])])
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return (
        x509.CertificateBuilder(name, name, public, x509.random_serial_number())
        .not_valid_before(now - _LEEWAY)
        .not_valid_after(_years_later(now))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(pool)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _years_later(now: dt.datetime) -> dt.datetime:
    """Ten years later; the 29th of February becomes the first of March."""
    try:
        return now.replace(year=now.year + _YEARS)
    except ValueError:
        return now.replace(year=now.year + _YEARS, month=3, day=1)
