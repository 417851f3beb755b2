"""A request, and what of it decides which answer it gets."""

from __future__ import annotations

from base64 import b64encode
from typing import NamedTuple


class Request(NamedTuple):
    """A request to one port; with `tls` over TLS, `server_name` is then what is sent as SNI, None for nothing.

    `credentials` are `user:password`; `http2` offers HTTP/2 beside HTTP/1.1, `more` are further
    headers.
    """

    port: int
    path: str = "/"
    host: str = "nobody.example.org"
    credentials: str = ""
    app_id: str = ""
    cookie: str = ""
    tls: bool = False
    server_name: str | None = None
    http2: bool = False
    more: tuple[tuple[str, str], ...] = ()

    def headers(self) -> dict[str, str]:
        """The headers beside Host."""
        given = {
            "authorization": f"Basic {b64encode(self.credentials.encode()).decode()}" if self.credentials else "",
            "x-marathon-app-id": self.app_id,
            "cookie": self.cookie,
        }
        return {name: value for name, value in given.items() if value} | dict(self.more)


class Outcome(NamedTuple):
    """What became of a request, in short.

    `kind` is `served` (by the service `detail`), `login` (to the realm), `https` (redirected, with the status before
    the place), `root` (redirected to the place), `denied`, `nobody` (there is no backend), or `closed` (no answer at
    all).
    """

    kind: str
    detail: str = ""
