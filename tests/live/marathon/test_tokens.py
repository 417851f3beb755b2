"""Logging in: when, with what, and what comes of it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from lbgen.live.marathon.credentials import ServiceAccount
from lbgen.live.marathon.guard import Guard
from lbgen.live.marathon.tokens import Tokens
from lbgen.live.marathon.unusable import LoginFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = rsa.generate_private_key(65537, 2048)
ACCOUNT = ServiceAccount("lb", "https://dcos/login", KEY)
GUARD = Guard()


@dataclass
class Dcos:
    """Remembers who logged in and answers with the number of the login."""

    headers: str = "dcos-acs-auth-cookie={}; Path=/; HttpOnly; Secure"
    text: str = ""
    logins: list[dict[str, Any]] = field(default_factory=list)
    clock: float = 100.0
    wall: float = 1_700_000_000.0

    def post(self, url: str, body: bytes, guard: Guard) -> tuple[Mapping[str, str], str]:
        assert (url, guard) == (ACCOUNT.login_endpoint, GUARD)
        self.logins.append(json.loads(body))
        number = f"t{len(self.logins)}"
        return {"Set-Cookie": self.headers.replace("{}", number)}, self.text.replace("{}", number)

    def tokens(self) -> Tokens:
        return Tokens(ACCOUNT, self.post, lambda: self.clock, lambda: self.wall)


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_login_is_signed() -> None:
    dcos = Dcos()
    dcos.tokens().header(GUARD)
    (login,) = dcos.logins
    assert (login["uid"], login["exp"]) == ("lb", 1_700_003_600)
    head, claims, signature = login["token"].split(".")
    assert json.loads(decoded(head)) == {"alg": "RS256", "typ": "JWT"}
    assert json.loads(decoded(claims)) == {"uid": "lb", "exp": 1_700_000_060}
    KEY.public_key().verify(decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())


def test_token_is_kept_until_shortly_before_its_end() -> None:
    dcos = Dcos()
    tokens = dcos.tokens()
    shown = []
    for dcos.clock in (100, 3600, 3639, 3640, 3700):
        shown.append(tokens.header(GUARD))
    assert shown == ["token=t1"] * 3 + ["token=t2"] * 2


def test_time_of_day_may_jump() -> None:
    dcos = Dcos()
    tokens = dcos.tokens()
    for dcos.wall in (1_700_000_000, 1_800_000_000, 1):
        assert tokens.header(GUARD) == "token=t1"


def test_refused_token_is_renewed_once() -> None:
    tokens = Dcos().tokens()
    first = tokens.header(GUARD)
    tokens.refused(first)
    assert tokens.header(GUARD) == "token=t2"
    tokens.refused(first)
    assert tokens.header(GUARD) == "token=t2"


def test_token_may_stand_in_the_body() -> None:
    assert Dcos("other=x", '{"token": "{}"}').tokens().header(GUARD) == "token=t1"


@pytest.mark.parametrize("text", ["", "<html>", "[]", '{"token": 7}', '{"token": ""}', '{"token": "a\\r\\nX: y"}'])
def test_login_without_a_token_fails(text: str) -> None:
    with pytest.raises(LoginFailed, match=r"^it brings no token$"):
        Dcos("", text).tokens().header(GUARD)
