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

    def place(self, each: Try) -> str:
        """The label and the place that a rule comes from."""
        return "" if each.origin is None else self.named(each.origin)

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
    ports: Mapping[Wall, int],
    authority: str,
    paper: Paper,
    *,
    answers: Mapping[Try, Answered] | None = None,
) -> Iterator[str]:
    """For each app what to try, and what becomes of it; `authority` is the file of the certificate to trust.

    Below each stands what has answered, where it has been tried.
    """
    tasks: dict[str, list[StandIn]] = {}
    for each in standins:
        tasks.setdefault(each.backend, []).append(each)
    of_app: dict[str, list[Try]] = {}
    for one in found:
        of_app.setdefault(one.app, []).append(one)
    behind = {each.app for of_backend in tasks.values() for each in of_backend}
    apps = [app for app in of_app if app in behind]
    listed = [*apps, *(app for app in of_app if app not in behind)]
    for app in listed if paper.verbose or answers is not None else listed[:_MOST_APPS]:
        yield ""
        yield paper.bold(visible(app))
        shown = of_app[app] if paper.verbose else of_app[app][:_MOST]
        for one in shown:
            yield f"  {visible(command(one, ports[one.wall], authority))}"
            yield paper.dim(f"    # {visible(outcome(one, tasks))}{_because(one, paper)}")
            if answers is not None and one in answers:
                yield f"    {'=' if answers[one].foretold else '!'} {visible(answers[one].line)}"
        if len(shown) < len(of_app[app]):
            yield f"  and {len(of_app[app]) - len(shown)} more; -v tells all"
    if len(listed) > _MOST_APPS and not paper.verbose and answers is None:
        yield ""
        yield f"and {len(listed) - _MOST_APPS} more; -v tells all"


def _because(one: Try, paper: Paper) -> str:
    place = paper.place(one)
    return f", by {place}" if place else ""


def command(one: Try, port: int, authority: str) -> str:
    """What to type into a shell."""
    asked = one.asked
    if not one.http and not one.tls:
        return f"nc {LOOPBACK} {port}"
    words = ["curl"]
    if one.user is not None:
        words += ["-u", shlex.quote(one.user)]
    if asked.app_id is not None:
        words += ["-H", shlex.quote(f"X-Marathon-App-Id: {asked.app_id}")]
    path = "" if asked.path == "/" else asked.path
    if not one.tls:
        words += ["-H", shlex.quote(f"Host: {asked.host}")] if asked.host else []
        return " ".join([*words, shlex.quote(f"http://{LOOPBACK}:{port}{path or '/'}")])
    name = (asked.host or "localhost").replace("*.", "any.")
    words += ["--cacert", shlex.quote(authority)]
    words += ["--resolve", shlex.quote(f"{name}:{port}:{LOOPBACK}")] if asked.host else []
    return " ".join([*words, shlex.quote(f"https://{name}:{port}{path or '/'}")])


def outcome(one: Try, tasks: Mapping[str, Sequence[StandIn]]) -> str:
    """What becomes of it, in a few words."""
    if one.kind is Kind.SERVED:
        behind = tasks.get(one.backend or "", ())
        if not behind:
            return f"backend {one.backend}"
        return "task 1" if len(behind) == 1 else f"tasks 1 {'and' if len(behind) == 2 else 'to'} {len(behind)} in turn"
    if one.kind is Kind.NOBODY:
        return f"nobody behind backend {one.backend} (503)" if one.backend else "nobody (503)"
    status = f" ({one.status})" if one.status else ""
    return {
        Kind.REDIRECTED: f"redirect to {one.detail}{status}",
        Kind.LOGIN: f'wants a password for "{one.detail}"{status}',
        Kind.DENIED: f"denied{status}",
        Kind.CLOSED: "the connection is closed",
        Kind.ANSWERED: f"HAProxy itself: {one.detail}{status}",
        Kind.UNKNOWN: f"depends: {one.detail}",
    }[one.kind]
