"""One question over the network, and its whole answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import urllib3

from lbgen.edgelb_client.access import is_etag
from lbgen.edgelb_client.answers import Answer
from lbgen.errors import InputError, ToolError
from lbgen.live.marathon.body import read_body
from lbgen.live.marathon.guard import Guard
from lbgen.live.marathon.unusable import Unusable, unusable
from lbgen.live.marathon.wire import FAILURES, fresh_session
from lbgen.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests

    from lbgen.edgelb_client.access import Access

_MOST_BYTES = 64 * 1024 * 1024
_CONNECT_SECONDS = 10.0


class Wire:
    """Asks one server, and nobody else: redirects are not followed, and ~/.netrc is not read.

    `heard` is called with each request and the status of its answer. Raises InputError where the file of authorities is
    not there.
    """

    def __init__(self, access: Access, heard: Callable[[str], None] | None = None) -> None:
        self._access = access
        self._heard = heard
        self._session = fresh_session()
        if access.ca_file is not None and not access.ca_file.exists():
            raise InputError("there is no such file", origin=Origin(str(access.ca_file)))
        if not access.verify:
            # Somebody has switched it off by name, and needs not be told with each request.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "", if_match: str = "") -> Answer:
        """The answer, whatever it says; raises ToolError where there is none."""
        headers = {"Accept": "application/json, text/plain"} | ({"Content-Type": kind} if body is not None else {})
        headers |= {"If-Match": if_match} if if_match else {}
        if self._access.token is not None:
            headers["Authorization"] = f"token={self._access.token}"
        with Guard(self._access.seconds) as guard:
            try:
                answer = self._asked(guard, method, path, body, headers)
            except (*FAILURES, Unusable) as error:
                said = guard.cut_because or str(error if isinstance(error, Unusable) else unusable(error))
                raise ToolError(f"{self._access.url} {said}", help=_help(said)) from None
            if guard.cut_because:
                # An answer that was cut off looks like a short one.
                raise ToolError(f"{self._access.url} {guard.cut_because}")
        if self._heard is not None:
            self._heard(f"{method} {self._access.url}{path}: {answer.status}")
        return answer

    def _asked(self, guard: Guard, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        with guard.watching(), self._sent(method, path, body, headers) as response:
            content = read_body(response, _MOST_BYTES)
        location = response.headers.get("Location", "")
        return Answer(
            self._access.url,
            response.status_code,
            response.headers.get("Content-Type", "").lower(),
            content,
            _shown(urljoin(response.url, location)) if location else "",
            _strong(response.headers.get("ETag", "")),
        )

    def _sent(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> requests.Response:
        access = self._access
        return self._session.request(
            method,
            f"{access.url}{path}",
            data=body,
            headers=dict(headers),
            timeout=(min(_CONNECT_SECONDS, access.seconds), access.seconds),
            verify=str(access.ca_file) if access.verify and access.ca_file is not None else access.verify,
            allow_redirects=False,
            stream=True,
        )


def _strong(etag: str) -> str:
    """The tag, unless it is a weak one, which nothing matches."""
    return etag if is_etag(etag) else ""


def _help(said: str) -> str:
    if "certificate" in said:
        return "--ca-file names the authorities to believe; --no-verify-tls believes everybody"
    return "does `lbgen serve edge-lb` run there, or an Edge-LB?" if "refuses" in said else ""


def _shown(location: str) -> str:
    """Where a redirect leads, without what may be a secret in it."""
    try:
        parts = urlsplit(location)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    except ValueError:
        return "what is no URL"
