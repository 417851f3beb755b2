"""What a worker says of itself: which HAProxy it is, and what its runtime API can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.regex import regex

if TYPE_CHECKING:
    from lbgen.live.contract import Runtime

_VERSION = regex(r"(\d+)\.(\d+)")


class Info(NamedTuple):
    """A worker: its version as in `(2, 6)`, its pid, whether it takes connections, and what it can do.

    `adds` tells whether servers can be added and deleted, `changes` whether whoever asks may change anything.
    """

    version: tuple[int, int]
    pid: int
    stopping: bool
    adds: bool
    changes: bool


def info(runtime: Runtime) -> Info:
    """What the worker says; raises OSError where nobody answers, ValueError where it is no HAProxy."""
    told, commands, level = runtime.ask(["show info", "help", "show cli level"])
    fields = read_fields(told)
    version = _VERSION.match(fields.get("Version", ""))
    if version is None or not fields.get("Pid", "").isdecimal():
        msg = f"what answers is no HAProxy: {told[:100]}"
        raise ValueError(msg)
    return Info(
        (int(version[1]), int(version[2])),
        int(fields["Pid"]),
        fields.get("Stopping", "0") != "0",
        "\n  add server " in f"\n{commands}" or "\n  add server" in commands,
        "admin" in level,
    )


def read_fields(told: str) -> dict[str, str]:
    """The fields of `show info`."""
    pairs = (line.partition(":") for line in told.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}
