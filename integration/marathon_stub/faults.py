"""What goes wrong with an answer, one function each; give the result to `Marathon.fail`."""

from __future__ import annotations

import gzip
import json
import socket
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integration.marathon_stub.connection import Connection

Fault = Callable[["Connection"], None]
APPS = b'{"apps": [{"id": "/half", "tasks": [], "labels": {}, "portDefinitions": [{"port": 10001}]}'


def status(code: int, body: bytes = b'{"message": "Internal Server Error"}', kind: str = "application/json") -> Fault:
    """Another status, with this body."""
    return lambda connection: connection.send(code, body, {"Content-Type": kind})


def body(raw: bytes, kind: str = "application/json") -> Fault:
    """200, and anything at all."""
    return status(200, raw, kind)


def html() -> Fault:
    """200, and a page for people, as a proxy or a login would show."""
    return body(b"<!DOCTYPE html><html><head><title>Sign in</title></head></html>", "text/html; charset=utf-8")


def apps(value: object = ()) -> Fault:
    """200, and `{"apps": value}`."""
    return body(json.dumps({"apps": value}).encode())


def redirect(url: str, code: int = 302) -> Fault:
    """Sends the client to this URL."""
    return lambda connection: connection.send(code, b"", {"Location": url})


def hang() -> Fault:
    """Takes the request and never answers."""
    return lambda connection: connection.wait()


def hang_in_head() -> Fault:
    """Begins to answer and falls silent within the headers."""
    return _then_hang(b"HTTP/1.1 200 OK\r\nContent-Ty")


def hang_in_body() -> Fault:
    """Sends some of the body and falls silent."""
    return _then_hang(_head("Content-Length: 5000") + APPS)


def half() -> Fault:
    """Closes the connection before all of the promised length is sent."""
    return _then_close(_head("Content-Length: 5000") + APPS)


def half_chunked() -> Fault:
    """Closes the connection in the middle of a chunk."""
    return _then_close(_head("Transfer-Encoding: chunked") + b"%x\r\n" % (len(APPS) + 100) + APPS)


def half_gzip() -> Fault:
    """Sends a compressed body that ends early, at its proper length otherwise."""
    packed = gzip.compress(APPS * 50)[:-20]
    return lambda connection: connection.send(
        200, packed, {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )


def broken_gzip() -> Fault:
    """Says that the body is compressed, and it is not."""
    return encoded("gzip")


def encoded(encoding: str) -> Fault:
    """Says that the body has this encoding, whatever it has."""
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    return lambda connection: connection.send(200, b'{"apps": []}', headers)


def half_without_length() -> Fault:
    """Sends half of the JSON, and nothing says how much it should have been."""
    return _then_close(_head("Connection: close") + APPS)


def nothing() -> Fault:
    """Closes the connection without a word."""
    return _then_close(b"")


def reset() -> Fault:
    """Resets the connection."""

    def act(connection: Connection) -> None:
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return act


def gibberish() -> Fault:
    """Says what is no HTTP."""
    return _then_close(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


def drip(seconds: float = 0.05) -> Fault:
    """Sends the body byte by byte, for ever."""

    def act(connection: Connection) -> None:
        connection.write(_head("Content-Length: 100000000"))
        while not connection.pause(seconds):
            connection.write(b" ")

    return act


def drip_head(seconds: float = 0.05) -> Fault:
    """Sends a header byte by byte, for ever."""

    def act(connection: Connection) -> None:
        connection.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not connection.pause(seconds):
            connection.write(b"x")

    return act


def endless() -> Fault:
    """Sends the body as fast as it can, for ever."""

    def act(connection: Connection) -> None:
        connection.write(_head("Connection: close"))
        while not connection.pause(0):
            connection.write(b" " * 1_000_000)

    return act


def bomb(megabytes: int = 400) -> Fault:
    """Sends very little that unpacks to very much."""
    packed = gzip.compress(b" " * (megabytes * 1_000_000), 9)
    return lambda connection: connection.send(
        200, packed, {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )


def _head(*headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: application/json", *headers, "\r\n"]).encode()


def _then_close(raw: bytes) -> Fault:
    def act(connection: Connection) -> None:
        connection.write(raw)
        connection.close()

    return act


def _then_hang(raw: bytes) -> Fault:
    def act(connection: Connection) -> None:
        connection.write(raw)
        connection.wait()

    return act
