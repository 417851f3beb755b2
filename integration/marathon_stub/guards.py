"""Who may ask: basic authentication, and tokens that a service account of DC/OS logs in for."""

from __future__ import annotations

import base64
import json
import time
import uuid
from typing import TYPE_CHECKING, Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from integration.marathon_stub.api import Answer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from integration.marathon_stub.api import Request

LOGIN = "/acs/api/v1/auth/login"


class Guard(Protocol):
    """Who decides about requests."""

    def refusal(self, request: Request) -> Answer | None:
        """What is said to a request that may not be made, or to one that the guard itself answers; else None."""


class BasicAuth:
    """Lets those in who know a user's password."""

    def __init__(self, user: str, password: str) -> None:
        self._expected = f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"

    def refusal(self, request: Request) -> Answer | None:
        """401, where the header is another."""
        if request.headers.get("authorization") == self._expected:
            return None
        return Answer(401, {"message": "Unauthorized"}, {"WWW-Authenticate": 'Basic realm="Mesosphere"'})


class ServiceAccounts:
    """Lets those in who have logged in; `revoke` makes all tokens void. Logins are counted."""

    def __init__(self, uid: str, key: RSAPublicKey) -> None:
        self._uid = uid
        self._key = key
        self._valid: set[str] = set()
        self.logins = 0
        self.in_cookie = True

    def revoke(self) -> None:
        """Everybody has to log in again."""
        self._valid.clear()

    def refusal(self, request: Request) -> Answer | None:
        """The token, to a login that is right; 401 to it or to others without a good token."""
        if request.path == LOGIN:
            return self._login(request)
        scheme, _, token = request.headers.get("authorization", "").partition("=")
        if scheme == "token" and token in self._valid:
            return None
        return Answer(401, "<html>401 Authorization Required</html>")

    def _login(self, request: Request) -> Answer:
        given = request.json()
        claims = self._claims(given["token"])
        if claims is None or claims["uid"] != self._uid or given["uid"] != self._uid or claims["exp"] < time.time():
            return Answer(401, {"title": "Unauthorized", "description": "invalid username or password"})
        self.logins += 1
        token = f"{uuid.uuid4()}.token"
        self._valid.add(token)
        if self.in_cookie:
            return Answer(200, {}, {"Set-Cookie": f"dcos-acs-auth-cookie={token}; Path=/; HttpOnly"})
        return Answer(200, {"token": token})

    def _claims(self, token: str) -> dict[str, Any] | None:
        head, claims, signature = token.split(".")
        assert json.loads(_decoded(head)) == {"alg": "RS256", "typ": "JWT"}
        try:
            self._key.verify(_decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return None
        found: dict[str, Any] = json.loads(_decoded(claims))
        return found


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
