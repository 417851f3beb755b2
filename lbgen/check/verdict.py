"""What a check found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from lbgen.haproxy.messages import Message


@dataclass(frozen=True, slots=True)
class LocatedMessage:
    """A message with the line (from 1) of the configuration that it is about, None where nothing leads to one.

    `own` tells that the way of checking caused it: names that are not resolved, files that were made up.
    """

    message: Message
    line: int | None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of one HAProxy on one configuration.

    `tool` says which HAProxy it was, `supplied` what the check made up for it, `status` is the exit status: 0 valid,
    1 refused, 2 valid but without anything to listen on; a negative one is the signal that ended HAProxy.
    """

    accepted: bool
    messages: tuple[LocatedMessage, ...]
    tool: str
    supplied: tuple[str, ...]
    status: int
