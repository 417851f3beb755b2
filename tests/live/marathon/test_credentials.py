"""Credentials: which count, what is wrong with them, and that nobody sees them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lbgen.errors import InputError, UsageError
from lbgen.live.marathon.access import Access
from lbgen.live.marathon.credentials import BasicAuth, Credentials, ServiceAccount, given_credentials
from lbgen.live.marathon.endpoint import Endpoint

if TYPE_CHECKING:
    from pathlib import Path

KEY = rsa.generate_private_key(65537, 2048)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


ACCOUNT = {"uid": "lb", "private_key": pem(KEY), "login_endpoint": "https://dcos/acs/api/v1/auth/login"}


def chosen(
    tmp_path: Path, *, file: str | None = None, auth: str | None = None, dcos: str | None = None, **environ: str
) -> Credentials | None:
    path = None
    if file is not None:
        path = tmp_path / "credentials"
        path.write_text(file)
    return given_credentials(file=path, auth=auth, dcos=dcos, environ=environ)


class TestChoice:
    def test_is_the_first_that_is_given(self, tmp_path: Path) -> None:
        environ = {
            "MARATHON_USER": "e",
            "MARATHON_PASSWORD": "p",
            "DCOS_SERVICE_ACCOUNT_CREDENTIAL": json.dumps(ACCOUNT),
        }
        dcos = json.dumps({**ACCOUNT, "uid": "option"})
        assert chosen(tmp_path, file="f:p\nx", auth="a:p", dcos=dcos, **environ) == BasicAuth("f", "p")
        assert chosen(tmp_path, auth="a:p", dcos=dcos, **environ) == BasicAuth("a", "p")
        account = chosen(tmp_path, dcos=dcos, **environ)
        assert isinstance(account, ServiceAccount)
        assert account.uid == "option"
        assert chosen(tmp_path, **environ) == BasicAuth("e", "p")
        del environ["MARATHON_USER"]
        account = chosen(tmp_path, **environ)
        assert isinstance(account, ServiceAccount)
        assert account.uid == "lb"

    def test_is_none_where_none_is_given(self, tmp_path: Path) -> None:
        assert chosen(tmp_path) is None
        assert chosen(tmp_path, MARATHON_USER="", MARATHON_PASSWORD="", DCOS_SERVICE_ACCOUNT_CREDENTIAL="") is None

    def test_needs_a_file_that_is_there(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="there is no such file"):
            given_credentials(file=tmp_path / "gone", auth=None, dcos=None, environ={})


class TestPassword:
    def test_may_hold_colons_and_any_character(self, tmp_path: Path) -> None:
        found = chosen(tmp_path, file="lb:a:b ü\r\n")
        assert found == BasicAuth("lb", "a:b ü")
        assert BasicAuth("lb", "ü").header == "Basic bGI6w7w="

    @pytest.mark.parametrize("text", ["secret", ":secret", "lb:sec\x00ret", "lb:secret\nX: y"])
    def test_is_refused_without_being_quoted(self, text: str) -> None:
        with pytest.raises(UsageError) as caught:
            BasicAuth.read(text, "the option")
        assert str(caught.value) == "the option should be user:password in one line"

    def test_is_in_no_repr(self) -> None:
        access = Access((Endpoint("http://m", BasicAuth("lb", "secret")),), BasicAuth("lb", "secret"))
        assert "secret" not in f"{access!r} {access.credentials!r} {access.endpoints!r}"


class TestServiceAccount:
    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"uid": ""}, 'it has no "uid"'),
            ({"private_key": None}, 'it has no "private_key"'),
            ({"login_endpoint": 7}, 'it has no "login_endpoint"'),
            ({"login_endpoint": "dcos"}, "it has a login_endpoint that is no http or https URL"),
            ({"scheme": "HS256"}, "it has a scheme that is not known: RS256 is"),
            ({"private_key": "secret"}, "it has a private_key that cannot be read as PEM without a password"),
            ({"private_key": pem(ec.generate_private_key(ec.SECP256R1()))}, "it has a private_key that is no RSA key"),
        ],
    )
    def test_is_refused_with_a_reason(self, fields: dict[str, object], sentence: str) -> None:
        with pytest.raises(UsageError) as caught:
            ServiceAccount.read(json.dumps(ACCOUNT | fields), "it")
        assert str(caught.value) == sentence

    @pytest.mark.parametrize("text", ["secret", "[]", "", '{"uid": ', "[" * 100_000])
    def test_is_json(self, text: str) -> None:
        with pytest.raises(UsageError) as caught:
            ServiceAccount.read(text, "it")
        assert str(caught.value) == "it should be a JSON object with uid, private_key and login_endpoint"

    def test_shows_no_key(self) -> None:
        account = ServiceAccount.read(json.dumps(ACCOUNT), "it")
        assert repr(account) == "ServiceAccount(uid='lb', login_endpoint='https://dcos/acs/api/v1/auth/login')"


class TestAccess:
    def test_needs_an_endpoint(self) -> None:
        with pytest.raises(UsageError, match="no endpoint of Marathon is given"):
            Access(())

    def test_needs_certificates_where_it_names_a_file(self, tmp_path: Path) -> None:
        endpoints = (Endpoint("https://m"),)
        with pytest.raises(UsageError, match="cannot be read: No such file or directory"):
            Access(endpoints, ca_file=tmp_path / "gone")
        empty = tmp_path / "empty"
        empty.write_text("no certificate")
        with pytest.raises(UsageError, match="holds no certificate in PEM"):
            Access(endpoints, ca_file=empty)
