"""One request on its way: with lbgen's headers, the time limits, the certificates to believe, and nothing else."""

from __future__ import annotations

import os
import ssl
from dataclasses import field, replace
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import requests
import urllib3

import lbgen
from lbgen.dataclass import dataclass
from lbgen.live.marathon.guard import GuardedAdapter
from lbgen.live.marathon.unusable import broke_off

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.live.marathon.access import Access
    from lbgen.live.marathon.guard import Guard

FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)
"""What the network raises, whoever reads from it."""
_HEADERS = {"User-Agent": f"lbgen/{lbgen.__version__}", "Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Question:
    """A request; `guard` may end it, and the answer may be silent for `silence_seconds`."""

    method: str
    url: str
    guard: Guard
    silence_seconds: float
    params: Mapping[str, Any] | None = None
    body: bytes | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def elsewhere(self, url: str) -> Question:
        """The same question to another URL, which has its own parameters."""
        return replace(self, url=url, params=None)


class Wire:
    """Sends requests over connections that are kept."""

    def __init__(self, access: Access) -> None:
        self._connect_seconds = access.connect_seconds
        self._verify = believed(access.ca_file) if access.verify else False
        self._session = fresh_session()
        if not access.verify:
            # Somebody has switched it off by name, and needs not be told with each request.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def send(self, question: Question, authorization: str | None = None) -> requests.Response:
        """The head of the answer; the body is still to be read. Raises one of FAILURES."""
        try:
            return self._once(question, authorization)
        except requests.ConnectionError as error:
            # A connection that was kept may have been closed just now, which says nothing about the next one.
            if question.guard.cut_because or not broke_off(error):
                raise
            return self._once(question, authorization)

    def close(self) -> None:
        """Gives up the connections."""
        self._session.close()

    def _once(self, question: Question, authorization: str | None) -> requests.Response:
        login = {} if authorization is None else {"Authorization": authorization}
        with question.guard.watching():
            return self._session.request(
                question.method,
                question.url,
                params=question.params,
                data=question.body,
                headers={**question.headers, **login},
                timeout=(self._connect_seconds, question.silence_seconds),
                verify=self._verify,
                allow_redirects=False,
                stream=True,
            )


def believed(ca_file: Path | None, environ: Mapping[str, str] = os.environ) -> str | Literal[True]:
    """The file or directory of the authorities to believe; True for those that come with requests.

    Those of the system are asked before these: who runs a Marathon of its own often has an authority of its own.
    """
    named = ca_file or environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE")
    if named:
        return str(named)
    system = ssl.get_default_verify_paths()
    if system.cafile:
        return system.cafile
    # It is there, and empty, where nobody has installed any.
    return system.capath if system.capath and _holds_any(Path(system.capath)) else True


def _holds_any(directory: Path) -> bool:
    try:
        return any(directory.iterdir())
    except OSError:
        return False


def _unsigned(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leaves the request as it is: without this, requests would look for credentials in ~/.netrc."""
    return prepared


def fresh_session() -> requests.Session:
    """A session that keeps no cookies, shows no credentials but those it is given, and can be ended by a guard."""
    session = requests.Session()
    session.headers.update(_HEADERS)
    session.auth = _unsigned
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http://", "https://"):
        session.mount(scheme, GuardedAdapter())
    return session
