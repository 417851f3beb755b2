"""Errors of the network, and how they are told."""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import Any

import pytest
import requests
from urllib3 import exceptions as failures

from lbgen.live.marathon.unusable import broke_off, unusable

POOL: Any = None


def wrapped(error: Exception) -> requests.ConnectionError:
    """As requests raises what urllib3 raises."""
    return requests.ConnectionError(failures.MaxRetryError(POOL, "http://lb:secret@m/v2/apps", error))


def caused(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


def not_connected(error: Exception) -> Exception:
    return wrapped(caused(failures.NewConnectionError(POOL, "secret"), error))


def broken(error: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(failures.ProtocolError("secret", error))


TIMEOUT = failures.ReadTimeoutError(POOL, "secret", "secret")
PROXY = failures.ProxyError("secret", OSError(0, "secret"))
REASONS: dict[str, list[Exception]] = {
    "does not take the connection in time": [wrapped(failures.ConnectTimeoutError(POOL, "secret"))],
    "refuses the connection": [not_connected(ConnectionRefusedError(111, "secret"))],
    "has a name that cannot be resolved": [not_connected(socket.gaierror(-2, "secret"))],
    "cannot be reached: No route to host": [not_connected(OSError(113, "No route to host"))],
    "cannot be reached through the proxy of this environment": [wrapped(PROXY)],
    "fails in TLS: no reason is given": [wrapped(failures.SSLError(ssl.SSLError(1, "secret")))],
    "falls silent": [requests.ReadTimeout(TIMEOUT), TIMEOUT, TimeoutError("secret")],
    "resets the connection": [broken(ConnectionResetError(104, "secret")), ConnectionResetError(104, "secret")],
    "closes the connection without an answer": [broken(http.client.RemoteDisconnected("secret"))],
    "breaks off in the middle of its answer": [
        failures.IncompleteRead(5, 10),
        failures.ProtocolError("secret", http.client.IncompleteRead(b"secret")),
    ],
    "does not speak HTTP": [broken(http.client.BadStatusLine("secret"))],
    "cannot be asked: InvalidHeader": [requests.exceptions.InvalidHeader("secret")],
    "cannot be asked: ValueError": [ValueError("secret")],
}


@pytest.mark.parametrize("reason", REASONS)
def test_is_told_in_words_that_give_nothing_away(reason: str) -> None:
    assert [str(unusable(error)) for error in REASONS[reason]] == [reason] * len(REASONS[reason])


def test_certificate_is_told_with_what_is_wrong_with_it() -> None:
    error = ssl.SSLCertVerificationError(1, "x")
    error.verify_message = "certificate has expired"
    said = str(unusable(wrapped(failures.SSLError(error))))
    assert said == "has a certificate that does not pass: certificate has expired"


def test_connection_that_ended_early_may_be_tried_again() -> None:
    ended = failures.ProtocolError("x", http.client.RemoteDisconnected("x"))
    assert broke_off(requests.ConnectionError(ended))
    assert not broke_off(wrapped(caused(failures.NewConnectionError(POOL, "x"), ConnectionRefusedError())))
    assert not broke_off(requests.ReadTimeout(failures.ReadTimeoutError(POOL, "x", "x")))


def test_error_that_causes_itself_is_told_once() -> None:
    error = ValueError("x")
    error.__cause__ = KeyError("y")
    error.__cause__.__context__ = error
    assert str(unusable(error)) == "cannot be asked: ValueError"
