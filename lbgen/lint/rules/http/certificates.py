"""What a certificate file of this machine holds, as far as a load balancer cares."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography import x509

_MOST_BYTES = 1_000_000


class Contents(NamedTuple):
    """A PEM file: whether a key is in it or beside it, when it expired if it did, and whom it is made out to."""

    has_key: bool
    expired: datetime | None
    names: tuple[str, ...]

    def is_for(self, host: str) -> bool:
        """Whether the certificate covers the host; without names in it nobody can tell."""
        return not self.names or any(_covers(name.lower(), host.lower()) for name in self.names)


def _covers(name: str, host: str) -> bool:
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:] or host == name
    return name == host


def absent(path: str) -> bool:
    """Whether there is no such file or directory on this machine; what cannot be told is not absent."""
    try:
        return not Path(path).exists()
    except (OSError, ValueError):
        return False


def contents(path: str) -> Contents | None:
    """What the file holds; None where it is not here, cannot be read, or is the list of authorities of this machine."""
    file = Path(path)
    try:
        if not file.is_absolute() or not file.is_file():
            return None
        status = file.stat()
        return _read_once(file, status.st_mtime_ns, status.st_size) if status.st_size <= _MOST_BYTES else None
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=256)
def _read_once(file: Path, changed: int, size: int) -> Contents | None:
    """What the file holds; many services may name one file, and it may be another one later."""
    del changed, size
    data = file.read_bytes()
    beside = Path(f"{file}.key").is_file() or file.with_suffix(".key").is_file()
    return _read(data, key=beside or b"PRIVATE KEY-----" in data)


def _read(data: bytes, *, key: bool) -> Contents | None:
    if b"-----BEGIN CERTIFICATE-----" not in data:
        return None
    from cryptography import x509  # takes 100 ms, and hardly anybody has the load balancer's files

    try:
        first = x509.load_pem_x509_certificates(data)[0]
        if not key and _is_authority(first):
            return None
        ends = first.not_valid_after_utc
        return Contents(key, ends if ends < datetime.now(UTC) else None, tuple(_names(first)))
    except ValueError:
        return None


def _is_authority(certificate: x509.Certificate) -> bool:
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return certificate.subject == certificate.issuer


def _names(certificate: x509.Certificate) -> list[str]:
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
