"""The commands that bring the servers of a running backend to what the file says."""

from __future__ import annotations

from dataclasses import field
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterator, Mapping

    from lbgen.live.haproxy.backends import Backend
    from lbgen.live.haproxy.rows import Row
    from lbgen.live.haproxy.servers import Server

_POSITIONAL = "servers are chosen by their places in the file"
_SILENCE = regex("")
_ADDED = regex(r"(?s).*New server registered\..*")
_MOVED = regex(r"(?s)(?!.*(?i:invalid|error|can't|cannot)).*(?:changed|no need to change).*")
_DELETED = regex(r"(?s).*(?:Server deleted|No such server)\..*")


class Command(NamedTuple):
    """A command of the runtime API, and the answers that say that it worked."""

    text: str
    accepted: re.Pattern[str]

    def worked(self, answer: str) -> bool:
        """Whether the answer says so."""
        return self.accepted.fullmatch(answer.strip()) is not None


@dataclass(slots=True)
class Steps:
    """What has to be done, in this order: servers come before others go, so that somebody serves at every moment.

    `deletions` may be refused for as long as a server has connections; until then it is in maintenance. `problems` say
    what cannot be done.
    """

    additions: list[Command] = field(default_factory=list)
    settings: list[Command] = field(default_factory=list)
    removals: list[Command] = field(default_factory=list)
    deletions: list[Command] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Whether HAProxy serves what the file says, but for what is in maintenance until it can be deleted."""
        return not (self.additions or self.settings or self.removals or self.problems)

    def in_words(self) -> list[str]:
        """What is to be done, in the words of the runtime API; what can wait aside."""
        return [*self.problems, *(each.text for each in (*self.additions, *self.settings, *self.removals))]


def steps(backend: Backend, rows: Mapping[str, Row], strange: Collection[str] = ()) -> Steps:
    """What brings a backend from its `rows`, by name, to its servers.

    `strange` are names of rows that cannot become the server of that name: they are of one that went before.
    """
    found = Steps()
    for name, server in backend.servers.items():
        row = rows.get(name)
        if row is None:
            _add(backend, server, found)
        elif name in strange:
            found.problems.append(f"{backend.name}/{name} is still there from before, with other options")
        else:
            found.settings += _settings(backend, server, row)
    for name, row in rows.items():
        if name not in backend.servers:
            _remove(backend, row, found)
    # Who is to serve begins before others stop: in between there may be nobody else.
    found.settings.sort(key=lambda command: command.text.endswith(" state maint"))
    return found


def _add(backend: Backend, server: Server, found: Steps) -> None:
    name = f"{backend.name}/{server.name}"
    why = obstacle(backend, server)
    if why:
        found.problems.append(f"{name} cannot be added: {why}")
        return
    weight = () if server.weight == 1 else ("weight", str(server.weight))
    words = (*server.of_its_address, *weight, *(("disabled",) if server.disabled else ()))
    found.additions.append(Command(" ".join(("add server", name, server.place, *words)), _ADDED))
    # A new server is in maintenance, and its checks rest.
    if server.checked:
        found.settings.append(Command(f"enable health {name}", _SILENCE))
    if server.agent:
        found.settings.append(Command(f"enable agent {name}", _SILENCE))
    if not server.disabled:
        found.settings.append(Command(f"set server {name} state ready", _SILENCE))


def obstacle(backend: Backend, server: Server) -> str:
    """Why the server cannot come or go while HAProxy runs and be what a reload would make of it, "" where it can."""
    if backend.fixed:
        return backend.fixed
    if server.address is None:
        return "its address is not an IP address with a port"
    if not server.literal:
        return "its line needs quotes"
    if server.tracks:
        return "it tracks another"
    return _POSITIONAL if backend.positional else ""


def _settings(backend: Backend, server: Server, row: Row) -> Iterator[Command]:
    name = f"{backend.name}/{server.name}"
    if server.address is not None and not is_at(row, server):
        yield Command(f"set server {name} addr {server.address} port {server.port}", _MOVED)
    if server.weight != row.weight and not server.agent:
        yield Command(f"set server {name} weight {server.weight}", _SILENCE)
    if server.checked and row.unchecked:
        yield Command(f"enable health {name}", _SILENCE)
    if server.agent and row.unasked:
        yield Command(f"enable agent {name}", _SILENCE)
    if server.disabled and not row.in_maintenance:
        yield Command(f"set server {name} state maint", _SILENCE)
    elif not server.disabled and row.held_back and not server.agent:
        yield Command(f"set server {name} state ready", _SILENCE)


def is_at(row: Row, server: Server) -> bool:
    """Whether the row leads where the server does."""
    if row.port != server.port:
        return False
    if row.address == server.address:
        return True
    try:
        return str(ip_address(row.address)) == server.address
    except ValueError:
        return False


def _remove(backend: Backend, row: Row, found: Steps) -> None:
    name = f"{backend.name}/{row.name}"
    if not row.in_maintenance:
        if backend.fixed or backend.positional:
            found.problems.append(f"{name} cannot be deleted: {backend.fixed or _POSITIONAL}")
            return
        found.removals.append(Command(f"set server {name} state maint", _SILENCE))
    found.deletions.append(Command(f"del server {name}", _DELETED))
