"""What lbgen shows to be let in: a user's password, or a service account of DC/OS. Neither is ever printed."""

from __future__ import annotations

import base64
import json
from dataclasses import field
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lbgen.dataclass import dataclass
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """A user and a password."""

    user: str
    password: str = field(repr=False)

    @classmethod
    def read(cls, text: str, whence: str) -> BasicAuth:
        """Out of `user:password`; raises UsageError, which names `whence` and nothing of the text."""
        user, colon, password = text.partition(":")
        if not user or not colon or any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise UsageError(f"{whence} should be user:password in one line")
        return cls(user, password)

    @property
    def header(self) -> str:
        """The value of `Authorization`."""
        return f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account of DC/OS, which logs in with a signed token."""

    uid: str
    login_endpoint: str
    key: RSAPrivateKey = field(repr=False)

    @classmethod
    def read(cls, text: str, whence: str) -> ServiceAccount:
        """Out of JSON; raises UsageError, which names `whence` and nothing of the text."""
        fields = _object(text, whence)
        for name in ("uid", "private_key", "login_endpoint"):
            if not isinstance(fields.get(name), str) or not fields[name]:
                raise UsageError(f'{whence} has no "{name}"')
        if fields.get("scheme", "RS256") != "RS256":
            raise UsageError(f"{whence} has a scheme that is not known: RS256 is")
        from lbgen.live.marathon.endpoint import site_of

        if site_of(str(fields["login_endpoint"])) is None:
            raise UsageError(f"{whence} has a login_endpoint that is no http or https URL")
        return cls(str(fields["uid"]), str(fields["login_endpoint"]), _key(str(fields["private_key"]), whence))


Credentials = BasicAuth | ServiceAccount


def _object(text: str, whence: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UsageError(f"{whence} should be a JSON object with uid, private_key and login_endpoint")
    return value


def _key(pem: str, whence: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UsageError(f"{whence} has a private_key that cannot be read as PEM without a password") from None
    if not isinstance(key, RSAPrivateKey):
        raise UsageError(f"{whence} has a private_key that is no RSA key")
    return key


def given_credentials(
    *, file: Path | None, auth: str | None, dcos: str | None, environ: Mapping[str, str]
) -> Credentials | None:
    """What the options and the environment give, in this order: the file, `user:password`, DC/OS, the environment.

    Raises UsageError where one of them is not what it should be, InputError where the file cannot be read.
    """
    if file is not None:
        return BasicAuth.read(_first_line(file), f"the first line of {file}")
    if auth is not None:
        return BasicAuth.read(auth, "--auth-credentials")
    if dcos is not None:
        return ServiceAccount.read(dcos, "--dcos-auth-credentials")
    if environ.get("MARATHON_USER") and "MARATHON_PASSWORD" in environ:
        user = f"{environ['MARATHON_USER']}:{environ['MARATHON_PASSWORD']}"
        return BasicAuth.read(user, "MARATHON_USER and MARATHON_PASSWORD")
    if environ.get("DCOS_SERVICE_ACCOUNT_CREDENTIAL"):
        variable = "DCOS_SERVICE_ACCOUNT_CREDENTIAL"
        return ServiceAccount.read(environ[variable], variable)
    return None


def _first_line(file: Path) -> str:
    from lbgen import source

    return source.read(file).text.partition("\n")[0].removesuffix("\r")
