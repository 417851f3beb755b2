"""One connection to the stub: requests are read from it, answers go out as whoever answers wants them."""

from __future__ import annotations

import gzip
import http.client
import io
import json
from typing import TYPE_CHECKING, Any

from integration.marathon_stub.api import Answer, Request

if TYPE_CHECKING:
    import socket
    import threading
    from collections.abc import Mapping


class Connection:
    """A connection; `ending` is set when the stub wants all of them to end."""

    def __init__(self, connected: socket.socket, ending: threading.Event) -> None:
        self.socket = connected
        self.open = True
        self._ending = ending
        self._reader = connected.makefile("rb")

    def request(self) -> Request | None:
        """The next request; None where there is none."""
        line = self._reader.readline(65537).decode("latin-1").split()
        if len(line) != 3:
            return None
        headers = {name.lower(): value for name, value in http.client.parse_headers(self._reader).items()}
        body = self._reader.read(int(headers.get("content-length", 0)))
        return Request(line[0], line[1], headers, body)

    def write(self, raw: bytes) -> None:
        """Sends the bytes."""
        self.socket.sendall(raw)

    def send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        """Sends a whole answer."""
        reason = http.client.responses.get(status, "")
        lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
        self.write("\r\n".join([*lines, f"Content-Length: {len(body)}", "\r\n"]).encode() + body)

    def answer(self, request: Request, answer: Answer) -> None:
        """Sends what the API says, compressed where the client takes that."""
        body = answer.value if isinstance(answer.value, bytes) else _written(answer.value)
        kind = "text/plain" if isinstance(answer.value, str) else "application/json"
        headers = {"Content-Type": kind, **answer.headers}
        if "gzip" in request.headers.get("accept-encoding", "") and len(body) > 1000:
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        self.send(answer.status, body, headers)

    def pause(self, seconds: float) -> bool:
        """Waits this long; True where the stub ends."""
        return self._ending.wait(seconds)

    def wait(self) -> None:
        """Waits for the stub to end, and closes."""
        self._ending.wait()
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self.open = False
        self._reader.close()
        self.socket.close()


def _written(value: Any) -> bytes:
    return (value if isinstance(value, str) else json.dumps(value)).encode()


class Stream:
    """An event stream on a connection: plain until the connection ends, or in chunks, or compressed."""

    def __init__(self, connection: Connection, *, chunked: bool, packed: bool) -> None:
        self._connection = connection
        self._chunked = chunked
        self._buffer = io.BytesIO()
        self._packer = gzip.GzipFile(fileobj=self._buffer, mode="wb") if packed else None

    def begin(self) -> None:
        """Sends the headers."""
        lines = ["HTTP/1.1 200 OK", "Content-Type: text/event-stream;charset=UTF-8", "Cache-Control: no-cache"]
        lines.append("Transfer-Encoding: chunked" if self._chunked else "Connection: close")
        lines += ["Content-Encoding: gzip"] if self._packer else []
        self._connection.write("\r\n".join([*lines, "\r\n"]).encode())

    def write(self, raw: bytes) -> None:
        """Sends these bytes of the stream at once."""
        out = self._pack(raw) if self._packer else raw
        self._connection.write(b"%x\r\n%s\r\n" % (len(out), out) if self._chunked else out)

    def end(self) -> None:
        """Ends the stream as is proper."""
        if self._chunked:
            self._connection.write(b"0\r\n\r\n")

    def _pack(self, raw: bytes) -> bytes:
        assert self._packer is not None
        self._packer.write(raw)
        self._packer.flush()
        out = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return out
