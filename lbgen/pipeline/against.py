"""What runs already, as documents: files, directories, and replies of a live Marathon."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from lbgen import source
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable

_TIMEOUT = (5.0, 60.0)
"""Seconds: until there is a connection, and between two pieces of the reply."""
_LIMIT = 256 * 1024 * 1024
_PIECE = 1024 * 1024
_SUFFIXES = (".json", ".yaml", ".yml")
_APPS = ("/v2/apps", "embed=apps.tasks")


def documents(names: Iterable[str], change: Iterable[str] = ()) -> list[source.Document]:
    """The documents that these files, directories and URLs stand for, without the files of the change.

    The URL of a Marathon without a path stands for its apps. Raises InputError where a file cannot be read, ToolError
    where nobody answers, or not with a document.
    """
    found = []
    changed = {os.path.realpath(name) for name in change}
    for name in names:
        if name.startswith(("http://", "https://")):
            found.append(_fetched(name))
        else:
            inside = source.find_documents([name], _SUFFIXES)
            found += [source.read(each) for each in inside if os.path.realpath(each) not in changed]
    return found


def _fetched(url: str) -> source.Document:
    import requests

    shown = _shown(url)
    try:
        with requests.get(
            _apps_of(url), timeout=_TIMEOUT, stream=True, headers={"Accept": "application/json"}
        ) as reply:
            if reply.status_code != requests.codes.ok:
                help_ = "name and password go into the URL, as in https://user:password@marathon:8443"
                refused = reply.status_code in {401, 403}
                message = f"{shown} answers {reply.status_code} {reply.reason}"
                raise ToolError(message, help=help_ if refused else "")
            raw = _all(reply.iter_content(_PIECE), shown)
    except (requests.RequestException, ValueError) as error:
        raise ToolError(f"cannot read {shown}: {_reason(error)}") from None
    return _document(raw, shown)


def _all(pieces: Iterable[bytes], shown: str) -> bytes:
    raw = bytearray()
    for piece in pieces:
        raw += piece
        if len(raw) > _LIMIT:
            message = f"{shown} answers with more than {_LIMIT // _PIECE} MiB, which is the most that is read"
            raise ToolError(message)
    return bytes(raw)


def _document(raw: bytes, shown: str) -> source.Document:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise ToolError(f"{shown} answers with something that is not UTF-8") from None
    if not text.strip():
        raise ToolError(f"{shown} answers with nothing")
    return source.Document(shown, text, raw, "json")


def _apps_of(url: str) -> str:
    parts = urlsplit(url)
    return url if parts.path.strip("/") or parts.query else urlunsplit((parts.scheme, parts.netloc, *_APPS, ""))


def _shown(url: str) -> str:
    """The URL without name and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ToolError(f"this is no URL: {url.rpartition('@')[2]}") from None
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _reason(error: Exception) -> str:
    """Why it failed, in a few words; requests tells the whole stack of its libraries."""
    import requests

    kinds = (
        (requests.exceptions.SSLError, "its certificate is not trusted"),
        (requests.exceptions.ConnectTimeout, f"no connection within {_TIMEOUT[0]:.0f} seconds"),
        (requests.exceptions.Timeout, f"no answer within {_TIMEOUT[1]:.0f} seconds"),
        (requests.exceptions.TooManyRedirects, "it redirects without end"),
        (requests.exceptions.ConnectionError, "there is no connection"),
        (requests.exceptions.ChunkedEncodingError, "the answer breaks off"),
    )
    return next((words for kind, words in kinds if isinstance(error, kind)), "this is no URL that can be read")
