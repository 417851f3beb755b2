"""From wishes to frontends: what each task asks for is settled, and those of one port are joined."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.edgelb.label_grammar import Piece
from lbgen.edgelb.label_values import CONDITIONS, Part
from lbgen.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lbgen.edgelb.auto_groups import Wish

DEFAULT_PORTS: Mapping[str, int] = {"HTTP": 80, "HTTPS": 443}
HTTP = frozenset({"HTTP", "HTTPS"})
# Which protocols of a frontend go with a label of it.
_GOES_WITH: Mapping[str, frozenset[str]] = {
    "frontend.certificates": frozenset({"HTTPS", "TLS"}),
    "frontend.redirectToHttps": frozenset({"HTTP"}),
}
Rule = dict[str, Part]
_EVERYTHING: Rule = {"pathBeg": Part("/", Piece("/"))}


@dataclass(frozen=True, slots=True)
class Entry:
    """A wish with everything decided; without rules, the group takes all that no other group takes."""

    wish: Wish
    port: int
    protocol: str
    backend_protocol: str
    rules: tuple[Rule, ...]

    @property
    def group(self) -> str:
        """The group, which is the name of its backend."""
        return self.wish.group


@dataclass(slots=True)
class Frontend:
    """Everything that clients may ask for on one port."""

    port: int
    protocol: str
    entries: list[Entry] = field(default_factory=list)

    def labelled(self, name: str) -> list[Wish]:
        """The wishes that have the label of this name."""
        return [entry.wish for entry in self.entries if name in entry.wish.values]


def settle(wish: Wish) -> Entry:
    """The wish with its defaults; raises AppError where its labels do not go together."""
    values = wish.values
    protocol = str(_value(values, "frontend.protocol", "HTTPS" if "frontend.certificates" in values else "HTTP"))
    for name, protocols in _GOES_WITH.items():
        if name in values and protocol not in protocols:
            problem = f"goes with {' and '.join(sorted(protocols))} alone, and the frontend is {protocol}"
            raise _clash(wish, name, problem, _redirect_help(name, protocol))
    return Entry(wish, _port(wish, protocol), protocol, _backend_protocol(wish, protocol), _rules(wish, protocol))


def _value(values: Mapping[str, Any], name: str, default: object) -> object:
    return values[name].value if name in values else default


def _clash(wish: Wish, name: str, problem: str, help: str = "") -> AppError:
    return AppError(f"{wish.key(name)} {problem}", origin=wish.origin(name), help=help, rule="label-clash")


def _redirect_help(name: str, protocol: str) -> str:
    if name != "frontend.redirectToHttps" or protocol != "HTTPS":
        return ""
    return "redirect in a group of its own, on port 80"


def _port(wish: Wish, protocol: str) -> int:
    name = "frontend.port"
    if name in wish.values:
        return int(wish.values[name].value)
    if protocol not in DEFAULT_PORTS:
        message = f"group {wish.group} is {protocol} and has no port"
        help_ = f"say which in {wish.key(name)}; only HTTP and HTTPS have one by default"
        raise AppError(message, origin=wish.origin("frontend.protocol"), help=help_, rule="label-missing")
    return DEFAULT_PORTS[protocol]


def _backend_protocol(wish: Wish, protocol: str) -> str:
    name = "backend.protocol"
    found = str(_value(wish.values, name, "HTTP" if protocol in HTTP else protocol))
    if protocol in HTTP and found not in HTTP:
        raise _clash(wish, name, f"is {found}, and the frontend is {protocol}: HAProxy takes no such backend there")
    return found


def _rules(wish: Wish, protocol: str) -> tuple[Rule, ...]:
    name = "frontend.rules"
    rules: tuple[Rule, ...] = tuple(wish.values.get(name, ()))
    if protocol in HTTP:
        return rules or (_EVERYTHING,)
    if protocol == "TCP":
        return ()
    for rule in rules:
        for key, part in rule.items():
            if key.startswith("path"):
                raise AppError(
                    f'{wish.key(name)} has "{key}": there are no paths in {protocol}, which is passed on undecrypted',
                    origin=wish.origin(name, part.piece),
                    help="hostEq and hostReg are found in the name that clients ask for",
                    rule="label-clash",
                )
    return rules


def join(entries: Iterable[Entry]) -> tuple[list[Frontend], list[tuple[Wish, AppError]]]:
    """The frontends by port, and the wishes that cannot be met beside the others, with the reason."""
    frontends: dict[int, Frontend] = {}
    refused: list[tuple[Wish, AppError]] = []
    for entry in sorted(entries, key=lambda entry: entry.wish.order):
        frontend = frontends.setdefault(entry.port, Frontend(entry.port, entry.protocol))
        if error := _unfit(frontend, entry):
            refused.append((entry.wish, error))
        else:
            frontend.entries.append(entry)
    for frontend in frontends.values():
        refused += _without_certificate(frontend)
    made = [frontend for frontend in frontends.values() if frontend.entries]
    return sorted(made, key=lambda frontend: frontend.port), refused


def _unfit(frontend: Frontend, entry: Entry) -> AppError | None:
    """Why the entry cannot share the frontend, if it cannot."""
    wish = entry.wish
    if entry.protocol != frontend.protocol:
        other = frontend.entries[0].wish
        what = f"group {entry.group} wants port {entry.port} to be {entry.protocol}, and group {other.group}"
        message = f"{what} of {other.task.ref.id} has it as {frontend.protocol} already"
        name = "frontend.port" if "frontend.port" in wish.values else "frontend.protocol"
        return AppError(message, origin=wish.origin(name), rule="port-taken")
    if entry.rules:
        return None
    takers = [taker for taker in frontend.entries if not taker.rules and taker.group != entry.group]
    if not takers:
        return None
    taker = takers[0].wish
    message = (
        f"group {entry.group} wants port {entry.port}, all of which is group {taker.group}'s of {taker.task.ref.id}"
    )
    help_ = "take another port" + (", or rules with the names that are asked for" if entry.protocol == "TLS" else "")
    return AppError(message, origin=wish.origin("frontend.port"), help=help_, rule="port-taken")


def _without_certificate(frontend: Frontend) -> list[tuple[Wish, AppError]]:
    if frontend.protocol not in {"HTTPS", "TLS"} or frontend.labelled("frontend.certificates"):
        return []
    refused = []
    for wish in (entry.wish for entry in frontend.entries):
        message = f"port {frontend.port} is {frontend.protocol}, and nobody names a certificate for it"
        help_ = f"say {wish.key('frontend.certificates')}: names of secrets, or $AUTOCERT"
        origin = wish.origin("frontend.protocol")
        refused.append((wish, AppError(message, origin=origin, help=help_, rule="label-missing")))
    frontend.entries = []
    return refused


def specificity(rule: Rule) -> tuple[Any, ...]:
    """What rules are sorted by: exact hosts first, the longest paths first, and what says nothing last."""
    host, host_reg, beg, reg, end = (str(rule[key].value) if key in rule else "" for key in _SORTED)
    return (not host, host, not host_reg, host_reg, -len(beg), beg, not reg, reg, -len(end), end)


_SORTED: Sequence[str] = CONDITIONS
