"""The hashes that `lbgen hash` makes open the doors that HAProxy guards with them, and no others do."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from lbgen.haproxy.password_hash import random_salt, sha512_crypt
from lbgen.testing import run_haproxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.testing import Haproxy

PASSWORDS = {"joe": "tiger", "ann": "grün: ist schön", "long": "x" * 130}


@pytest.fixture
def haproxy(haproxy_image: str) -> Iterator[Haproxy]:
    """HAProxy with a list of users, one of whose hashes has more rounds than usual."""
    users = [
        f"  user {name} password {sha512_crypt(password.encode(), random_salt(), 6000 if name == 'long' else None)}"
        for name, password in PASSWORDS.items()
    ]
    config = "\n".join(
        [
            "defaults",
            "  mode http",
            "  timeout connect 5s",
            "  timeout client 5s",
            "  timeout server 5s",
            "userlist staff",
            *users,
            "frontend web",
            "  bind :8080",
            "  http-request auth realm shop unless { http_auth(staff) }",
            "  http-request return status 200",
            "",
        ]
    )
    with run_haproxy(config, image=haproxy_image, engine="container") as running:
        yield running


def test_who_has_the_password_gets_in(haproxy: Haproxy) -> None:
    for name, password in PASSWORDS.items():
        assert status(haproxy, name, password) == 200, name
        assert status(haproxy, name, f"{password}x") == 401, name
    assert status(haproxy, "joe", PASSWORDS["ann"]) == 401


def status(haproxy: Haproxy, user: str, password: str) -> int:
    """How a request with these credentials ends."""
    credentials = b64encode(f"{user}:{password}".encode()).decode()
    return haproxy.request(8080, "/", headers={"Authorization": f"Basic {credentials}"}).status
