"""What stands before all endpoints: who may ask, from where, and how much may be said how slowly."""

from __future__ import annotations

import asyncio
import base64
import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

from lbgen.dataclass import dataclass
from lbgen.server.refusals import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request

SLOWEST = 30.0
"""Seconds in which a body has to be there."""
_SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What is asked of every request; without a `token` anybody may ask who names this machine by its address.

    `hosts` are other names that the server answers to; with a token every name will do.
    """

    token: str | None = None
    hosts: frozenset[str] = frozenset()
    most_bytes: int = 4 * 1024 * 1024
    slowest: float = SLOWEST

    def admit(self, request: Request, *, password: bool = False) -> None:
        """Raises Refusal where the request may not be answered.

        With `password` the token may be the password of Basic, which is all that browsers can send.
        """
        if "content-length" in request.headers and "transfer-encoding" in request.headers:
            # Somebody before this server may count otherwise, and take a part of the body for another request.
            raise Refusal(400, "the length of the body is said twice", closes=True)
        if self.token is not None:
            header = request.headers.get("authorization") or _parameter(request.headers.get("token", ""))
            self._check_token(_bearer(header) if password else header, self.token)
        elif not self._is_own(_host(request.headers.get("host", "localhost"))):
            # A page in somebody's browser can have its own name lead here, and read what nobody told it. What names
            # no host at all, as HAProxy's checks do, is no browser.
            raise Refusal(403, "without a token, this server answers to its address, localhost, and --host-name")
        origin = request.headers.get("origin")
        if origin is not None and request.method not in _SAFE and not _same(origin, request.headers.get("host", "")):
            raise Refusal(403, "pages of other servers may not change anything here")

    def _check_token(self, given: str, token: str) -> None:
        kind, separator, value = given.partition("=" if given[:6].lower() == "token=" else " ")
        known = separator and kind.lower() in {"token", "bearer"}
        same = hmac.compare_digest(value.strip().encode(errors="surrogateescape"), token.encode())
        if not (known and same):
            raise Refusal(401, "the header Authorization has to be: token=<the token>, or Bearer <the token>")

    def _is_own(self, host: str) -> bool:
        if host in {"localhost", *self.hosts}:
            return True
        try:
            ip_address(host)
        except ValueError:
            return False
        return True

    async def body(self, request: Request) -> bytes:
        """The body; raises Refusal where it is too long, or too slow."""
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self.most_bytes:
            raise self._too_long()
        pieces, size = [], 0
        try:
            async with asyncio.timeout(self.slowest):
                async for piece in request.stream():
                    size += len(piece)
                    if size > self.most_bytes:
                        raise self._too_long()
                    pieces.append(piece)
        except TimeoutError:
            raise Refusal(408, f"the body was not there after {self.slowest:.0f} seconds") from None
        except ClientDisconnect:
            raise Refusal(400, "the body ends too early") from None
        return b"".join(pieces)

    def _too_long(self) -> Refusal:
        return Refusal(413, f"the body is longer than {self.most_bytes:,} bytes")


def _parameter(token: str) -> str:
    """The header of that name, which Edge-LB takes from 1.2 on, as the usual one."""
    return f"token={token}" if token else ""


def _bearer(header: str) -> str:
    """The header with a password of Basic as its token; as it is where it is of another kind, or no password."""
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return header
    try:
        _, colon, given = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return header
    return f"Bearer {given}" if colon else header


def _host(header: str) -> str:
    """The host without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.rpartition(":")[0].lower() or header.lower() if header.count(":") == 1 else header.lower()


def _same(origin: str, host: str) -> bool:
    return origin.partition("://")[2].lower() == host.lower()
