"""Logging in as a service account of DC/OS, and again before the token that this brings is void."""

from __future__ import annotations

import base64
import json
import threading
import time
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from lbgen.live.marathon.unusable import LoginFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.live.marathon.credentials import ServiceAccount
    from lbgen.live.marathon.guard import Guard

_COOKIE = "dcos-acs-auth-cookie"
_LIFETIME_SECONDS = 3600
_SIGNED_SECONDS = 60
_EARLY_SECONDS = 60


class Tokens:
    """The token of a service account.

    `post` sends JSON to a URL, under a guard, and returns the headers and the text of the answer; it raises LoginFailed
    where there is none that is good. `clock` counts the seconds of a token's life, `wall` is the time of day in it.
    """

    def __init__(
        self,
        account: ServiceAccount,
        post: Callable[[str, bytes, Guard], tuple[Mapping[str, str], str]],
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._account = account
        self._post = post
        self._clock = clock
        self._wall = wall
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at = 0.0

    def header(self, guard: Guard) -> str:
        """The value of `Authorization`; raises LoginFailed."""
        with self._lock:
            if not self._token or self._clock() >= self._renew_at:
                self._log_in(guard)
            return f"token={self._token}"

    def refused(self, header: str) -> None:
        """Somebody was not let in with this: unless it has been renewed since, there will be another login."""
        with self._lock:
            if header == f"token={self._token}":
                self._token = ""

    def _log_in(self, guard: Guard) -> None:
        now = int(self._wall())
        account = self._account
        token = signed({"uid": account.uid, "exp": now + _SIGNED_SECONDS}, account)
        login = {"uid": account.uid, "token": token, "exp": now + _LIFETIME_SECONDS}
        headers, text = self._post(account.login_endpoint, json.dumps(login).encode(), guard)
        self._token = _token_in(headers.get("Set-Cookie", ""), text)
        self._renew_at = self._clock() + _LIFETIME_SECONDS - _EARLY_SECONDS


def signed(claims: Mapping[str, Any], account: ServiceAccount) -> str:
    """A JSON web token of these claims, signed with RS256."""
    head = _part(json.dumps({"alg": "RS256", "typ": "JWT"}, separators=(",", ":")).encode())
    text = f"{head}.{_part(json.dumps(claims, separators=(',', ':')).encode())}"
    signature = account.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{_part(signature)}"


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _token_in(cookies: str, text: str) -> str:
    token = _cookie(cookies) or _member(text)
    if not token or not all(33 <= ord(character) <= 126 for character in token):
        raise LoginFailed("it brings no token")
    return token


def _cookie(text: str) -> str:
    try:
        found = SimpleCookie(text).get(_COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _member(text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    found = value.get("token") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
