"""What `show servers state` tells: the servers that a worker has, and how they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# The administrative states of HAProxy that somebody may have set; others come from the file or from a server tracked.
_FORCED_MAINTENANCE, _FORCED_DRAIN = 0x01, 0x08
# Of the states of checks: that there is one, and that it is made.
_CONFIGURED, _ENABLED = 0x02, 0x04
_TEXTS = ("be_name", "srv_name", "srv_addr")
_NUMBERS = ("srv_port", "srv_admin_state", "srv_uweight", "srv_check_state", "srv_agent_state")


class Row(NamedTuple):
    """A server of a running worker; `line` is how `show servers state` says it, `address` is "-" where it has none."""

    backend: str
    name: str
    address: str
    port: int
    admin: int
    weight: int
    check: int
    agent: int
    line: str

    @property
    def in_maintenance(self) -> bool:
        """Whether somebody, or the file, has taken it out of service."""
        return bool(self.admin & _FORCED_MAINTENANCE)

    @property
    def held_back(self) -> bool:
        """Whether somebody, or the file, keeps new sessions from it."""
        return bool(self.admin & (_FORCED_MAINTENANCE | _FORCED_DRAIN))

    @property
    def unchecked(self) -> bool:
        """Whether somebody has switched off the checks that it has."""
        return self.check & (_CONFIGURED | _ENABLED) == _CONFIGURED

    @property
    def unasked(self) -> bool:
        """Whether somebody has switched off asking the agent that it has."""
        return self.agent & (_CONFIGURED | _ENABLED) == _CONFIGURED


def read_rows(answer: str) -> Iterator[Row]:
    """The servers of an answer; raises ValueError where it is something else, such as a refusal."""
    lines = answer.splitlines()
    head = next((number for number, line in enumerate(lines) if line.startswith("# be_id ")), None)
    if head is None:
        raise ValueError(answer.strip()[:200] or "HAProxy answers nothing")
    names = lines[head][2:].split()
    columns = [names.index(name) for name in (*_TEXTS, *_NUMBERS)]
    for line in lines[head + 1 :]:
        if line.strip():
            yield _row(line, columns)


def _row(line: str, columns: list[int]) -> Row:
    cells = line.split()
    try:
        backend, name, address, *numbers = (cells[column] for column in columns)
        port, admin, weight, check, agent = map(int, numbers)
        return Row(backend, name, address, port, admin, weight, check, agent, line)
    except (IndexError, ValueError):
        msg = f"HAProxy tells of a server in an unknown way: {line:.100}"
        raise ValueError(msg) from None
