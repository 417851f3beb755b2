"""Talking to a command line of HAProxy: several commands in one connection, each with its own answer."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

# A path of a socket of this machine, or host and port.
Address = str | tuple[str, int]

_MOST = 256 * 1024 * 1024
_CHUNK = 1 << 18


def connect(address: Address, timeout: float) -> socket.socket:
    """A connection to the address; raises OSError where nobody accepts one within `timeout` seconds."""
    if not isinstance(address, str):
        return socket.create_connection(address, timeout)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(timeout)
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection


def ask(address: Address, command: str, timeout: float = 10) -> str:
    """The answer to one command, in a connection of its own; on a master one that begins with `@1` goes to the worker.

    Raises OSError where the answer is not complete after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    with connect(address, timeout) as connection:
        connection.sendall(_line(command))
        connection.shutdown(socket.SHUT_WR)
        return _until_closed(connection, deadline).decode(errors="replace")


def _until_closed(connection: socket.socket, deadline: float) -> bytes:
    answer = bytearray()
    while chunk := _received(connection, deadline):
        answer += chunk
        _refuse_too_long(answer)
    return bytes(answer)


class Conversation:
    """An open connection to the command line of a worker, or of a master that passes all on to one of its workers.

    `worker` is the pid of that worker. All of it has to happen within `timeout` seconds.
    """

    def __init__(self, address: Address, timeout: float, worker: int | None = None) -> None:
        self._deadline = time.monotonic() + timeout
        self._connection = connect(address, timeout)
        try:
            self._prompt = self._begin("prompt")
            if worker is not None:
                self._pass_on_to(worker)
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def ask(self, command: str) -> str:
        """The answer, without blank lines around it; raises OSError where there is none, or none in time."""
        self._connection.sendall(_line(command))
        return self._until(b"\n" + self._prompt).decode(errors="replace").strip()

    def _pass_on_to(self, worker: int) -> None:
        self._prompt = self._begin(f"@!{worker}")
        if self._prompt != f"{worker}> ".encode():
            msg = f"HAProxy has no worker {worker}"
            raise ConnectionError(msg)

    def _begin(self, command: str) -> bytes:
        """The prompt that the command brings."""
        self._connection.sendall(_line(command))
        answer = bytearray()
        while not answer.endswith(b"> "):
            answer += self._more()
        return bytes(answer.rpartition(b"\n")[2])

    def _until(self, end: bytes) -> bytes:
        answer = bytearray()
        while not answer.endswith(end):
            answer += self._more()
            _refuse_too_long(answer)
        return bytes(answer[: -len(end)])

    def _more(self) -> bytes:
        chunk = _received(self._connection, self._deadline)
        if not chunk:
            msg = "HAProxy closed the connection"
            raise ConnectionResetError(msg)
        return chunk


def _received(connection: socket.socket, deadline: float) -> bytes:
    left = deadline - time.monotonic()
    if left <= 0:
        msg = "HAProxy did not answer in time"
        raise TimeoutError(msg)
    connection.settimeout(left)
    return connection.recv(_CHUNK)


def _refuse_too_long(answer: bytearray) -> None:
    if len(answer) > _MOST:
        msg = "HAProxy's answer does not end"
        raise OSError(msg)


def _line(command: str) -> bytes:
    """The command as it is sent; a line feed within would make two of it."""
    if "\n" in command or "\r" in command:
        msg = "a command is one line"
        raise ValueError(msg)
    return command.encode() + b"\n"
