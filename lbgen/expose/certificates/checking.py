"""Whether the certificates of an aggregation layer do what they are for."""

from __future__ import annotations

import datetime as dt
import ipaddress
from typing import TYPE_CHECKING, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.expose.certificates.reading import Certificate, Found

E = TypeVar("E", bound=x509.ExtensionType)
_SOON = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a file, in a sentence; `wrong` is False for what is only described."""

    file: str
    text: str
    wrong: bool = True


@dataclass(frozen=True, slots=True)
class Expected:
    """What certificates should be good for.

    `names` are those that `--requestheader-allowed-names` allows, none for all; `hosts` is where the API server is
    reached; `now` is when.
    """

    names: Sequence[str]
    hosts: Sequence[str]
    now: dt.datetime


def check_certificates(found: Found, expected: Expected) -> list[Remark]:
    """What the files are, and what is wrong with them."""
    remarks = [Remark(file, text) for file, text in found.unread]
    authorities = [each for each in found.certificates if _is_authority(each.certificate)]
    if not authorities:
        remarks.append(Remark("", "there is no certificate authority: --requestheader-client-ca-file has to name one"))
    for each in found.certificates:
        remarks += _of(each, authorities, found, expected)
    remarks += _of_keys(found)
    return sorted(remarks, key=lambda remark: (remark.file, remark.wrong))


def _of(each: Certificate, authorities: Sequence[Certificate], found: Found, expected: Expected) -> Iterator[Remark]:
    certificate = each.certificate
    is_authority = _is_authority(certificate)
    yield Remark(each.file, _described(certificate, is_authority=is_authority), wrong=False)
    texts = [*_of_time(certificate, expected.now), *_of_strength(certificate)]
    if is_authority:
        texts += _of_authority(certificate)
    else:
        others = [other.certificate for other in found.certificates if other is not each]
        texts += [*_of_issuer(certificate, authorities, found), *_of_usage(certificate)]
        if _is_for_clients(certificate) or not any(map(_is_client, others)):
            texts += [*_of_client(certificate), *_of_name(certificate, expected.names)]
        if not _is_for_clients(certificate) or not any(map(_is_server_alone, others)):
            texts += _of_hosts(certificate, expected.hosts)
        if not any(_same_key(key.key.public_key(), certificate.public_key()) for key in found.keys):
            texts.append("no key here belongs to it")
    for text in texts:
        yield Remark(each.file, text)


def _described(certificate: x509.Certificate, *, is_authority: bool) -> str:
    what = "a certificate authority" if is_authority else "a certificate"
    until = certificate.not_valid_after_utc.date().isoformat()
    subject = certificate.subject.rfc4514_string() or "no subject"
    hosts = ", ".join(_hosts(certificate))
    return f"{what}, {subject}, until {until}{', for ' if hosts else ''}{hosts}"


def _is_authority(certificate: x509.Certificate) -> bool:
    constraints = _extension(certificate, x509.BasicConstraints)
    return constraints is not None and constraints.ca


def _extension(certificate: x509.Certificate, kind: type[E]) -> E | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None


def _of_time(certificate: x509.Certificate, now: dt.datetime) -> Iterator[str]:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now > ends:
        yield f"expired on {ends.date().isoformat()}"
    elif now > ends - _SOON:
        yield f"expires on {ends.date().isoformat()}, in {(ends - now).days} days"
    if now < begins:
        yield f"is not valid before {begins:%Y-%m-%d %H:%M} UTC"


def _of_strength(certificate: x509.Certificate) -> Iterator[str]:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < 2048:
        yield f"its key has {key.key_size} bits: 2048 is the least that is accepted"
    algorithm = certificate.signature_hash_algorithm
    if algorithm is not None and algorithm.name in {"md5", "sha1"}:
        yield f"is signed with {algorithm.name.upper()}, which is not accepted any more"


def _of_authority(certificate: x509.Certificate) -> Iterator[str]:
    usage = _extension(certificate, x509.KeyUsage)
    if usage is not None and not usage.key_cert_sign:
        yield "is an authority, but its key usage does not allow signing certificates"


def _of_issuer(certificate: x509.Certificate, authorities: Sequence[Certificate], found: Found) -> Iterator[str]:
    if any(_signed(certificate, each.certificate) for each in authorities):
        return
    for each in found.certificates:
        if each.certificate is not certificate and _signed(certificate, each.certificate):
            yield f"is signed by {each.file}, which is no certificate authority"
            return
    if not authorities:
        return
    if certificate.issuer == certificate.subject and _signed(certificate, certificate):
        yield "is signed by itself, and not by an authority"
    else:
        yield f"no authority here has signed it: its issuer is {certificate.issuer.rfc4514_string()}"


def _signed(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _of_usage(certificate: x509.Certificate) -> Iterator[str]:
    usage = _extension(certificate, x509.KeyUsage)
    if usage is not None and not usage.digital_signature:
        yield "its key usage lacks digital signature, which TLS needs"


def _of_client(certificate: x509.Certificate) -> Iterator[str]:
    if not _is_for_clients(certificate):
        yield "is not for clients: aggregated API servers refuse it, as --proxy-client-cert-file"


def _of_name(certificate: x509.Certificate, names: Sequence[str]) -> Iterator[str]:
    found = [str(each.value) for each in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if not found:
        yield "has no common name, by which an aggregated API server knows who calls"
    elif names and found[-1] not in names:
        yield f'its common name "{found[-1]}" is none of those allowed: {", ".join(names)}'


def _of_hosts(certificate: x509.Certificate, hosts: Sequence[str]) -> Iterator[str]:
    covered = _hosts(certificate)
    missing = [host for host in hosts if not any(_covers(pattern, host) for pattern in covered)]
    if missing and _is_for_servers(certificate):
        yield f"does not cover {', '.join(missing)}"
    elif not covered and _is_server_alone(certificate):
        yield "covers no host: a common name is none to clients"


def _is_for_servers(certificate: x509.Certificate) -> bool:
    return _is_for(certificate, ExtendedKeyUsageOID.SERVER_AUTH)


def _is_for_clients(certificate: x509.Certificate) -> bool:
    return _is_for(certificate, ExtendedKeyUsageOID.CLIENT_AUTH)


def _is_for(certificate: x509.Certificate, usage: x509.ObjectIdentifier) -> bool:
    extended = _extension(certificate, x509.ExtendedKeyUsage)
    return extended is None or not {usage, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}.isdisjoint(extended)


def _is_client(certificate: x509.Certificate) -> bool:
    return not _is_authority(certificate) and _is_for_clients(certificate)


def _is_server_alone(certificate: x509.Certificate) -> bool:
    """Whether it is for servers, and for nobody else."""
    usable = _is_for_servers(certificate) and not _is_for_clients(certificate)
    return usable and not _is_authority(certificate)


def _hosts(certificate: x509.Certificate) -> list[str]:
    names = _extension(certificate, x509.SubjectAlternativeName)
    if names is None:
        return []
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]


def _covers(pattern: str, host: str) -> bool:
    """Whether the name of a certificate is the host's, as clients compare them: a star is one label, the first."""
    try:
        return ipaddress.ip_address(host) == ipaddress.ip_address(pattern)
    except ValueError:
        pass
    pattern, host = pattern.lower().rstrip("."), host.lower().rstrip(".")
    if pattern.startswith("*."):
        first, _, rest = host.partition(".")
        return bool(first) and rest == pattern[2:]
    return pattern == host


def _of_keys(found: Found) -> Iterator[Remark]:
    for key in found.keys:
        public = key.key.public_key()
        owner = next((each for each in found.certificates if _same_key(public, each.certificate.public_key())), None)
        if owner is None:
            yield Remark(key.file, "a private key that belongs to no certificate here")
        else:
            yield Remark(key.file, f"the private key of {owner.file}", wrong=False)
        if key.open:
            yield Remark(key.file, "others than its owner may read this private key: chmod 600")


def _same_key(one: object, other: object) -> bool:
    return _der(one) == _der(other)


def _der(key: object) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return encoded
