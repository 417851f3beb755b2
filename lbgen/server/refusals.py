"""What the server says no to: the status, the code in the body, and one sentence."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Refusal(Exception):  # noqa: N818 - it is an answer
    """A request that is not granted; `code` is the status, or one of go-openapi's of 600 and above, which are 422.

    `allowed` are the methods that would have been, where the method is what is wrong. `more` are other members of the
    JSON that tells of it. One that `closes` ends the connection: what was not read must not be taken for the next
    request.
    """

    def __init__(
        self,
        code: int,
        message: str,
        allowed: Sequence[str] = (),
        more: Mapping[str, Any] = MappingProxyType({}),
        *,
        closes: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.allowed = allowed
        self.more = more
        self.closes = closes or code in {408, 413}

    @property
    def status(self) -> int:
        """The status of the reply."""
        return self.code if self.code < 600 else 422


WRONG_TYPE, REQUIRED, TOO_LONG, PATTERN, ENUM, LEAST_VALUE = 601, 602, 603, 605, 606, 609
"""Codes of go-openapi for values that do not fit their schema."""


def bad(message: str, **more: Any) -> Refusal:
    """A pool that does not hold together."""
    return Refusal(400, message, more=more)


def no_pool(name: str) -> Refusal:
    """There is no such pool."""
    return Refusal(404, f"pool {name:.200} not found")


def other_version(name: str, version: str) -> Refusal:
    """There is such a pool, and it is of the other version of the API."""
    return Refusal(404, f"pool {name:.200} is not APIVersion {version}")


def pool_exists(name: str) -> Refusal:
    """The name is taken."""
    return Refusal(409, f"pool {name:.200} already exists")


def no_template(name: str) -> Refusal:
    """There is no such pool template."""
    return Refusal(404, f"pool template {name:.200} not found")


def changed_meanwhile(what: str) -> Refusal:
    """Somebody else was faster."""
    return Refusal(412, f"{what} has been changed meanwhile: read it again")


def busy() -> Refusal:
    """Others write for so long that nobody waits."""
    return Refusal(500, "could not acquire state lock")
