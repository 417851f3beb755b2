"""Waiting until a started HAProxy serves, and what it said where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.control import master
from lbgen.control.complaints import complaints
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from lbgen.testing.engine import Instance

TIMEOUT = 30.0


class HaproxyDidNotStart(ToolError):  # noqa: N818 - the name says what happened
    """HAProxy ended, did not serve in time, or refused a new configuration; `log` is all that it wrote."""

    def __init__(self, log: str, what: str = "did not start") -> None:
        said = "\n".join(complaints(log)) or log.strip() or "it wrote nothing"
        super().__init__(f"HAProxy {what}:\n{said}")
        self.log = log


def ready(instance: Instance, timeout: float = TIMEOUT) -> None:
    """Returns once HAProxy's worker serves; raises HaproxyDidNotStart otherwise, at the latest after `timeout` s."""
    if not master.wait_until_ready(instance.master(), instance.is_alive, timeout):
        raise HaproxyDidNotStart(instance.logs())
