"""What a user sees when the load balancer is up: where it listens, and what to try."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.emulate.doors import LOOPBACK
from lbgen.report.color import BOLD, paint
from lbgen.report.places import locate
from lbgen.report.visible import visible
from lbgen.routing.answer import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.emulate.asking import Answered
    from lbgen.emulate.doors import Wall
    from lbgen.emulate.standins import StandIn
    from lbgen.emulate.trying import Try
    from lbgen.origin import Origin
    from lbgen.source import Document

_DIM, _GREEN, _YELLOW, _RED = "2", "32", "33", "31"
_MOST, _MOST_APPS = 12, 25


@dataclass(frozen=True, slots=True)
class Paper:
    """How things are written: with colours or not, with all that there is or the first of many."""

    color: bool
    verbose: bool
    documents: Mapping[str, Document]

    def dim(self, text: str) -> str:
        """What need not be read."""
        return paint(text, _DIM, self.color)

    def bold(self, text: str) -> str:
        """What catches the eye."""
        return paint(text, BOLD, self.color)

    def status(self, text: str, status: str) -> str:
        """In the colour of an HTTP status."""
        style = {"2": _GREEN, "3": _GREEN, "4": _YELLOW}.get(status[:1], _RED)
        return paint(text, style, self.color)

    def places(self, origins: Iterable[Origin]) -> str:
        """The labels that a rule comes from, and where they stand; "" where it comes from none."""
        return " and ".join(filter(None, map(self.named, origins)))

    def named(self, origin: Origin) -> str:
        """A value by its label, or within a pool by where it stands, with its place; "" for an app as such."""
        name = origin.label or (origin.pointer.lstrip("/") if origin.app is None else "")
        return f"{visible(name)} ({visible(str(locate(origin, self.documents)))})" if name else ""


def doors(ports: Mapping[Wall, int], host: str) -> Iterator[str]:
    """A line for each port that had to be another one."""
    width = max((len(_wall(wall)) for wall, port in ports.items() if wall.port != port), default=0)
    for wall, port in ports.items():
        if wall.port != port:
            yield f"  {_wall(wall):>{width}} -> {host}:{port}"


def _wall(wall: Wall) -> str:
    return str(wall.port) if wall.host is None else f"{wall.host}:{wall.port}"


def what_to_try(
    found: Sequence[Try],
    standins: Iterable[StandIn],
    authority: str,
    paper: Paper,
    *,
    answers: Mapping[Try, Answered] | None = None,
) -> Iterator[str]:
    """For each app what to try, and what becomes of it; `authority` is the file of the certificate to trust.

    Below each stands what has answered, where it has been tried.
    """
    tasks = stand_ins_by_backend(standins)
    of_app = _by_app(found, tasks)
    listed = list(of_app) if paper.verbose or answers is not None else list(of_app)[:_MOST_APPS]
    for app in listed:
        yield ""
        yield paper.bold(visible(app))
        shown = of_app[app] if paper.verbose else of_app[app][:_MOST]
        for one in shown:
            yield f"  {visible(command(one, authority))}"
            yield paper.dim(f"    # {visible(outcome(one, tasks))}{_because(one, paper)}")
            if answers is not None and one in answers:
                yield f"    {'=' if answers[one].foretold else '!'} {visible(answers[one].line)}"
        if not shown:
            yield paper.dim("  # no request was found that leads here")
        if len(shown) < len(of_app[app]):
            yield f"  and {len(of_app[app]) - len(shown)} more; -v tells all"
    if len(listed) < len(of_app):
        yield ""
        yield f"and {len(of_app) - len(listed)} more; -v tells all"


def stand_ins_by_backend(standins: Iterable[StandIn]) -> dict[str, list[StandIn]]:
    """The stand-ins of each backend, in their order."""
    tasks: dict[str, list[StandIn]] = {}
    for each in standins:
        tasks.setdefault(each.backend, []).append(each)
    return tasks


def _by_app(found: Sequence[Try], tasks: Mapping[str, Sequence[StandIn]]) -> dict[str, list[Try]]:
    """What there is to try by whom it is for: apps that have tasks, also those that nothing reaches, then the rest."""
    tried: dict[str, list[Try]] = {}
    for one in found:
        tried.setdefault(one.app, []).append(one)
    reached = {one.backend for one in found} | {backend for one in found for _, backend in one.others}
    apps = {each.app for behind in tasks.values() for each in behind}
    first = [app for app in tried if app in apps]
    lost = [each.app for backend, behind in tasks.items() for each in behind if backend not in reached]
    return {app: tried.get(app, []) for app in dict.fromkeys((*first, *lost, *tried))}


def _because(one: Try, paper: Paper) -> str:
    places = paper.places(one.origins)
    return f", by {places}" if places else ""


def command(one: Try, authority: str) -> str:
    """What to type into a shell."""
    asked = one.asked
    if not one.http and not one.tls:
        return f"nc {LOOPBACK} {one.port}"
    words = ["curl"]
    if one.user is not None:
        words += ["-u", shlex.quote(one.user)]
    if asked.app_id is not None:
        words += ["-H", shlex.quote(f"X-Marathon-App-Id: {asked.app_id}")]
    if one.tls:
        words += ["--cacert", shlex.quote(authority)]
        # The name goes to the server with the port that it has in production, wherever the connection leads.
        words += ["--connect-to", f"::{LOOPBACK}:{one.port}"] if asked.host else []
        return " ".join([*words, shlex.quote(f"https://{one.authority}{asked.path}")])
    words += ["-H", shlex.quote(f"Host: {one.authority}")] if asked.host else []
    return " ".join([*words, shlex.quote(f"http://{LOOPBACK}:{one.port}{asked.path}")])


def outcome(one: Try, tasks: Mapping[str, Sequence[StandIn]]) -> str:
    """What becomes of it, in a few words."""
    if not one.others:
        return _outcome(one, tasks)
    others = ", or ".join(app if backend is None else f"{app} (backend {backend})" for app, backend in one.others)
    return f"{_outcome(one, tasks)}, or {others}: connections to this port are dealt out"


def _outcome(one: Try, tasks: Mapping[str, Sequence[StandIn]]) -> str:
    if one.kind is Kind.SERVED:
        return _served(one, tasks.get(one.backend or "", ()))
    if one.kind is Kind.NOBODY:
        status = f" ({one.status})" if one.status else ": the connection is closed"
        return f"nobody behind backend {one.backend}{status}" if one.backend else f"nobody{status}"
    status = f" ({one.status})" if one.status else ""
    return {
        Kind.REDIRECTED: f"redirect to {one.detail}{status}",
        Kind.LOGIN: f'wants a password for "{one.detail}"{status}',
        Kind.DENIED: f"denied{status}",
        Kind.CLOSED: "the connection is closed",
        Kind.ANSWERED: f"HAProxy itself: {one.detail}{status}",
        Kind.UNKNOWN: f"depends: {one.detail}",
    }[one.kind]


def _served(one: Try, behind: Sequence[StandIn]) -> str:
    serving = [each for each in behind if each.server in one.servers]
    if not serving:
        return f"backend {one.backend}"
    idle = [each for each in behind if each.server not in one.servers]
    several = len({each.app for each in behind}) > 1
    manner = f" {one.manner}" if len(serving) > 1 else ""
    but = _tasks(idle, several=several) if several else _listed([each.task for each in idle])
    return f"{_tasks(serving, several=several)}{manner}{', not ' if but else ''}{but}"


def _tasks(standins: Sequence[StandIn], *, several: bool) -> str:
    """As in `tasks 1 and 2`, with whose they are where a backend serves several apps."""
    of_app: dict[str, list[int]] = {}
    for each in standins:
        of_app.setdefault(each.app, []).append(each.task)
    return " and ".join(
        f"task{'s'[: len(tasks) > 1]} {_listed(tasks)}{f' of {app}' if several else ''}"
        for app, tasks in of_app.items()
    )


def _listed(tasks: Sequence[int]) -> str:
    """As in `1 and 2`, `1 to 5`, or `1, 3 and 4`."""
    if len(tasks) > 2 and tasks[-1] - tasks[0] == len(tasks) - 1:
        return f"{tasks[0]} to {tasks[-1]}"
    return " and ".join(filter(None, (", ".join(map(str, tasks[:-1])), *map(str, tasks[-1:]))))
