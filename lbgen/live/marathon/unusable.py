"""Why one endpoint cannot be used: what goes wrong below HTTP, in words that follow the endpoint's name."""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import TYPE_CHECKING

import urllib3.exceptions as failures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Unusable(Exception):  # noqa: N818 - it is no error of the program's, and the next endpoint may do
    """An endpoint gives no usable answer; `str()` says why, in words that follow its name."""


class LoginFailed(Unusable):
    """The service account is not let in, whatever endpoint is asked."""


def _verification(error: BaseException) -> str:
    said = getattr(error, "verify_message", "") or "it is not trusted"
    return f"has a certificate that does not pass: {said}"


def _tls(error: BaseException) -> str:
    said = (getattr(error, "reason", None) or "no reason is given").lower().replace("_", " ")
    return f"fails in TLS: {said}"


def _system(error: BaseException) -> str:
    return f"cannot be reached: {getattr(error, 'strerror', None) or type(error).__name__}"


# The first row counts for which there is an error, whoever wrapped it.
_ROWS: tuple[tuple[type[BaseException], str | Callable[[BaseException], str]], ...] = (
    (failures.ConnectTimeoutError, "does not take the connection in time"),
    (failures.ProxyError, "cannot be reached through the proxy of this environment"),
    (socket.gaierror, "has a name that cannot be resolved"),
    (ssl.SSLCertVerificationError, _verification),
    (ssl.SSLError, _tls),
    (ConnectionRefusedError, "refuses the connection"),
    (TimeoutError, "falls silent"),
    (failures.ReadTimeoutError, "falls silent"),
    (http.client.RemoteDisconnected, "closes the connection without an answer"),
    (ConnectionResetError, "resets the connection"),
    (http.client.IncompleteRead, "breaks off in the middle of its answer"),
    (failures.IncompleteRead, "breaks off in the middle of its answer"),
    (failures.InvalidChunkLength, "breaks off in the middle of its answer"),
    (http.client.HTTPException, "does not speak HTTP"),
    (failures.ProtocolError, "does not speak HTTP"),
    (OSError, _system),
)


def unusable(error: BaseException) -> Unusable:
    """The reason behind an error of the network; what it may quote of addresses and headers stays out."""
    errors = [each for each in _chain(error) if not _only_wraps(each)]
    for kind, words in _ROWS:
        found = next((each for each in errors if isinstance(each, kind)), None)
        if found is not None:
            return Unusable(words if isinstance(words, str) else words(found))
    return Unusable(f"cannot be asked: {type(error).__name__}")


def broke_off(error: BaseException) -> bool:
    """Whether a connection ended before there was an answer, as those do that were kept for too long."""
    found = list(_chain(error))
    early = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)
    return any(isinstance(each, early) for each in found)


def _only_wraps(error: BaseException) -> bool:
    """Whether this says nothing by itself: errors of requests are OSErrors, and failed connections are timeouts."""
    return type(error).__module__.startswith("requests") or isinstance(error, failures.NewConnectionError)


def _chain(error: BaseException) -> Iterator[BaseException]:
    pending, seen = [error], set[int]()
    while pending:
        each = pending.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
        pending += [found for found in inner if isinstance(found, BaseException)]
