"""The server's side of SPDY/3.1, as far as kubectl's streams need it: streams with headers, data, and an end."""

from __future__ import annotations

import struct
import threading
import zlib
from queue import Queue
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SYN_STREAM, SYN_REPLY, RST_STREAM, PING, GOAWAY = 1, 2, 3, 6, 7
FIN = 1
# Both sides start their compression with this text, which the protocol fixes.
_WORDS = (
    "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow"
    " authorization cache-control connection content-base content-encoding content-language content-length"
    " content-location content-md5 content-range content-type date etag expect expires from host if-match"
    " if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma"
    " proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade"
    " user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie"
    " keep-alive origin"
)
_REST = (
    b"100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative"
    b" Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500"
    b" Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec"
    b" 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,"
    b"application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset="
    b"iso-8859-1,utf-,*,enq=0."
)


def _counted(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text


DICTIONARY = b"".join(_counted(word.replace("_", " ").encode()) for word in _WORDS.split()) + _REST


class Stream:
    """One stream: what the client said of it, and bytes in both directions."""

    def __init__(self, session: Session, number: int, headers: Mapping[str, str]) -> None:
        self._session = session
        self._number = number
        self._pieces: Queue[bytes | None] = Queue()
        self.headers = headers

    def received(self) -> Iterator[bytes]:
        """What the client sends, until it ends its side."""
        return iter(self._pieces.get, None)

    def send(self, data: bytes, *, last: bool = False) -> None:
        """Sends data; with `last`, this side is ended."""
        self._session.send(struct.pack(">II", self._number, (FIN << 24 if last else 0) | len(data)) + data)

    def take(self, piece: bytes | None) -> None:
        """Notes what came for the stream; None is its end."""
        self._pieces.put(piece)


class Session:
    """A connection that carries streams; `opened` gives each new one, and None when the connection has ended."""

    def __init__(self, reader: BinaryIO, writer: BinaryIO) -> None:
        self._reader = reader
        self._writer = writer
        self._lock = threading.Lock()
        self._inflate = zlib.decompressobj(zdict=DICTIONARY)
        self._deflate = zlib.compressobj(zdict=DICTIONARY)
        self._streams: dict[int, Stream] = {}
        self.opened: Queue[Stream | None] = Queue()

    def send(self, frame: bytes) -> None:
        """Sends a whole frame."""
        with self._lock:
            self._writer.write(frame)
            self._writer.flush()

    def close(self) -> None:
        """Says that nothing more will come."""
        self.send(_control(GOAWAY, 0, struct.pack(">II", 0, 0)))

    def run(self) -> None:
        """Reads until the client hangs up."""
        try:
            while head := self._reader.read(8):
                first, second = struct.unpack(">II", head)
                self._take(first, second >> 24, self._reader.read(second & 0xFFFFFF))
        except (OSError, ValueError, struct.error):
            pass  # the client has gone
        for stream in self._streams.values():
            stream.take(None)
        self.opened.put(None)

    def _take(self, first: int, flags: int, payload: bytes) -> None:
        if not first >> 31:
            stream = self._streams.get(first)
            if stream is not None:
                if payload:
                    stream.take(payload)
                if flags & FIN:
                    stream.take(None)
            return
        kind = first & 0xFFFF
        if kind == SYN_STREAM:
            self._open(struct.unpack(">I", payload[:4])[0], flags, self._headers(payload[10:]))
        elif kind == RST_STREAM and (stream := self._streams.get(struct.unpack(">I", payload[:4])[0])):
            stream.take(None)
        elif kind == PING:
            self.send(_control(PING, 0, payload))

    def _open(self, number: int, flags: int, headers: dict[str, str]) -> None:
        stream = self._streams[number] = Stream(self, number, headers)
        if flags & FIN:
            stream.take(None)
        none = self._deflate.compress(struct.pack(">I", 0)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        self.send(_control(SYN_REPLY, 0, struct.pack(">I", number) + none))
        self.opened.put(stream)

    def _headers(self, block: bytes) -> dict[str, str]:
        text = self._inflate.decompress(block)
        (count,) = struct.unpack(">I", text[:4])
        words, at = list[str](), 4
        for _ in range(2 * count):
            (length,) = struct.unpack(">I", text[at : at + 4])
            words.append(text[at + 4 : at + 4 + length].decode())
            at += 4 + length
        return dict(zip(words[::2], words[1::2], strict=True))


def _control(kind: int, flags: int, payload: bytes) -> bytes:
    return struct.pack(">HHI", 0x8003, kind, flags << 24 | len(payload)) + payload
