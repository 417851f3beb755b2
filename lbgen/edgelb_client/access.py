"""How an Edge-LB is reached: its URL, who asks, and what is believed."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lbgen.dataclass import dataclass
from lbgen.errors import InputError, UsageError
from lbgen.origin import Origin
from lbgen.regex import regex

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_URL = "http://127.0.0.1:5555"
_TOKEN = regex(r"[\x20-\x7e]+")
_ETAG = regex(r'"[\x21\x23-\x7e]*"')
_NAME = regex(r"[\w.-]+(?:/[\w.-]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """`url` is what paths such as `/ping` are added to; `seconds` are those that one answer may take in all."""

    url: str = DEFAULT_URL
    token: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    verify: bool = True
    seconds: float = 60.0


def is_etag(text: str) -> bool:
    """Whether the text is the tag of a revision, its quotes included, that If-Match can hold."""
    return _ETAG.fullmatch(text) is not None


def base_url(text: str, option: str = "--url") -> str:
    """The URL without a slash at its end; raises UsageError where it is none, or holds credentials."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.username is not None or parts.password is not None:
        # It is not shown: it holds a secret.
        raise UsageError(f"{option}: a URL may hold no credentials", help="give the token with --token-file")
    plain = text.isascii() and text.isprintable() and " " not in text
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment or not plain:
        raise UsageError(f"{option}: {text!r:.80} is no URL, as in {DEFAULT_URL}")
    return text.rstrip("/")


def service_url(cluster: str, name: str) -> str:
    """The URL of an Edge-LB in a DC/OS cluster, by the name of its service; raises UsageError where one is none."""
    if not _NAME.fullmatch(name) or {".", ".."} & set(name.split("/")):
        raise UsageError(f"--name: {name!r:.80} is no name of a service")
    return f"{base_url(cluster, '--dcos-url')}/service/{name}"


def token_in(text: str, where: str) -> str:
    """The token in the text, without the blanks around it; raises UsageError where no header can hold it."""
    token = text.strip()
    if not _TOKEN.fullmatch(token):
        raise UsageError(f"{where} holds no token: a line of plain characters")
    return token


def token_of_file(path: Path) -> str:
    """The token in the first line of the file; raises InputError where it cannot be read, UsageError for no token."""
    try:
        with path.open(encoding="utf-8") as file:
            first = file.readline(64 * 1024)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", origin=Origin(str(path))) from None
    except UnicodeDecodeError:
        first = ""
    return token_in(first, str(path))
