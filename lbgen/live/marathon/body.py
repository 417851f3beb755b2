"""The body of an answer: all of it or a reason, and never more than fits."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from lbgen.live.marathon.unusable import Unusable

if TYPE_CHECKING:
    from requests import Response

_GZIP = 16 + zlib.MAX_WBITS


class Unpacking:
    """What comes in, unpacked where it is packed with gzip."""

    def __init__(self, encoding: str | None) -> None:
        name = (encoding or "").strip().lower()
        if name not in {"", "identity", "gzip", "x-gzip"}:
            raise Unusable("answers in an encoding that it was not asked for")
        self._gzip = zlib.decompressobj(_GZIP) if "gzip" in name else None

    def unpack(self, raw: bytes, most: int) -> bytes:
        """The bytes that these become; where they are more than `most`, one more than that."""
        if self._gzip is None:
            return raw
        try:
            return self._gzip.decompress(raw, most + 1)
        except zlib.error:
            raise Unusable("sends what should be gzip and is not") from None

    def end(self) -> None:
        """Raises Unusable where more should have come."""
        if self._gzip is not None and not self._gzip.eof:
            raise Unusable("breaks off in the middle of its answer")


def read_body(response: Response, most_bytes: int) -> bytes:
    """All of the body; raises Unusable where there is too much of it, and what the network raises."""
    unpacking = Unpacking(response.headers.get("Content-Encoding"))
    found = bytearray()
    for raw in response.raw.stream(256 * 1024, decode_content=False):
        found += unpacking.unpack(raw, most_bytes - len(found))
        if len(found) > most_bytes:
            raise Unusable(f"sends more than {most_bytes // 1024 // 1024} MiB")
    if found:
        unpacking.end()
    return bytes(found)
