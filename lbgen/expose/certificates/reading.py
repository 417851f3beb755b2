"""The PEM files of a directory: which certificates and keys are in them, and what cannot be read."""

from __future__ import annotations

import re
import stat
from dataclasses import field
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lbgen.dataclass import dataclass
from lbgen.errors import ToolError
from lbgen.regex import regex

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and the name of its file."""

    file: str
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Key:
    """A private key and the name of its file; `open` says that others than its owner may read the file."""

    file: str
    key: Any
    open: bool


@dataclass(slots=True)
class Found:
    """What the files hold; `unread` has a sentence about each block that could not be read, by file."""

    certificates: list[Certificate] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


_BLOCK = regex(rb"-----BEGIN ([A-Z0-9 ]+)-----(?:(?!-----BEGIN).)*?-----END \1-----", re.DOTALL)
_MOST = 1 << 20


def read_certificates(directory: Path) -> Found:
    """What the directory's .pem, .crt, .cer and .key files hold; raises ToolError where it cannot be looked into."""
    found = Found()
    try:
        names = sorted(path for path in directory.iterdir() if path.suffix in {".pem", ".crt", ".cer", ".key"})
    except OSError as error:
        raise ToolError(f"cannot look into {directory}: {error.strerror}") from None
    if not names:
        raise ToolError(f"there is no certificate in {directory}: no file ends in .pem, .crt, .cer or .key")
    for path in names:
        try:
            _read(path, found)
        except OSError as error:
            found.unread.append((path.name, f"cannot be read: {error.strerror}"))
    return found


def _read(path: Path, found: Found) -> None:
    if not path.is_file():
        found.unread.append((path.name, "is no file"))
        return
    with path.open("rb") as file:
        data = file.read(_MOST)
        is_open = bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    blocks = list(_BLOCK.finditer(data))
    if not blocks:
        found.unread.append((path.name, "holds nothing in PEM"))
    for block in blocks:
        try:
            _take(block[1].decode(), block[0] + b"\n", path.name, found, is_open=is_open)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            found.unread.append((path.name, f"holds a {block[1].decode()} that cannot be read: {error}"))


def _take(kind: str, block: bytes, file: str, found: Found, *, is_open: bool) -> None:
    if kind.endswith("CERTIFICATE"):
        found.certificates.append(Certificate(file, x509.load_pem_x509_certificate(block)))
    elif kind.endswith("PRIVATE KEY"):
        found.keys.append(Key(file, load_pem_private_key(block, None), is_open))
