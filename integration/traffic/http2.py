"""One request over HTTP/2, on a connection that is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, DataReceived, ResponseReceived, StreamEnded, StreamReset
from h2.exceptions import H2Error

if TYPE_CHECKING:
    import socket

    from integration.traffic.request import Request

Response = tuple[int, tuple[tuple[str, str], ...], str]


class Closed(Exception):  # noqa: N818 - the name says what happened
    """The server ended the stream or the connection without an answer."""


def get(connection: socket.socket, request: Request) -> Response:
    """Status, headers and body of the answer to a GET; raises Closed or OSError where there is none."""
    protocol = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
    protocol.initiate_connection()
    stream = protocol.get_next_available_stream_id()
    first = {":method": "GET", ":path": request.path, ":scheme": "https", ":authority": request.host}
    protocol.send_headers(stream, [*first.items(), *request.headers().items()], end_stream=True)
    connection.sendall(protocol.data_to_send())
    answer = _Answer()
    while not answer.ended:
        received = connection.recv(65536)
        if not received:
            raise Closed
        try:
            events = protocol.receive_data(received)
        except H2Error as error:
            raise Closed from error
        for event in events:
            answer.take(event)
        connection.sendall(protocol.data_to_send())
    return answer.status, tuple(answer.headers), answer.body.decode()


class _Answer:
    """What came of the stream so far."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.body = b""
        self.ended = False

    def take(self, event: object) -> None:
        """Adds an event; raises Closed for one that ends the stream without an answer."""
        if isinstance(event, ResponseReceived):
            pairs = [(str(name), str(value)) for name, value in event.headers or ()]
            self.status = int(dict(pairs)[":status"])
            self.headers = [pair for pair in pairs if not pair[0].startswith(":")]
        elif isinstance(event, DataReceived):
            self.body += event.data or b""
        elif isinstance(event, StreamEnded):
            self.ended = True
        elif isinstance(event, StreamReset | ConnectionTerminated):
            raise Closed
