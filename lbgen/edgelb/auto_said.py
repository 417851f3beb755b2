"""What is to be said of tasks that share a pool: labels that contradict each other, and rules that never apply."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from lbgen.edgelb.auto_frontends import specificity
from lbgen.edgelb.auto_labels import DEFAULT_GROUP
from lbgen.edgelb.auto_value import certificates, secret_file
from lbgen.edgelb.label_grammar import suggestion
from lbgen.edgelb.label_values import AUTO_CERTIFICATE
from lbgen.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.edgelb.auto_frontends import Entry, Frontend, Rule
    from lbgen.edgelb.auto_groups import Wish
    from lbgen.origin import Origin

_REDIRECT = "frontend.redirectToHttps"
# What becomes of a label that two tasks of one group do not agree on.
_DISAGREEMENTS: Mapping[str, str] = {
    "frontend.port": "the group is on both ports",
    "frontend.protocol": "each has a frontend of its own",
    "frontend.certificates": "the frontend has both",
    _REDIRECT: "what either of them leaves on HTTP stays there",
    "frontend.rules": "the rules of both lead to all tasks of the group",
    "backend.balance": "the first one counts",
    "backend.protocol": "the first one counts",
    "backend.rewriteHttp.path": "the first one counts",
    "backend.rewriteHttp.sticky": "the first one counts",
}


def remarks(frontends: Sequence[Frontend]) -> Iterator[Finding]:
    """Findings about the pool of these frontends."""
    entries = sorted((entry for each in frontends for entry in each.entries), key=lambda entry: entry.wish.order)
    for group, members in groupby(sorted(entries, key=lambda entry: entry.group), key=lambda entry: entry.group):
        yield from _disagreements(group, [entry.wish for entry in members])
    for entry in entries:
        yield from _of_port(entry.wish)
        yield from _of_secrets(entry)
        yield from _of_tcp_rules(entry)
    for frontend in frontends:
        yield from _of_redirect(frontend)
        yield from _of_equal_rules(frontend)


def _warning(rule: str, message: str, origin: Origin, help: str = "", related: tuple[Origin, ...] = ()) -> Finding:
    return Finding(rule, Severity.WARNING, message, origin, help=help, related=related)


def _disagreements(group: str, wishes: Sequence[Wish]) -> Iterator[Finding]:
    first = wishes[0]
    others = {wish.task.ref.id: wish for wish in wishes if wish.task.ref.id != first.task.ref.id}
    for wish in others.values():
        if group == DEFAULT_GROUP:
            message = f"{wish.task.ref.id} shares one backend with {first.task.ref.id}: neither of them names a group"
            help_ = f"a label with a group, as edgelb.{_word(wish)}.frontend.rules, makes a backend of its own"
            yield _warning("default-group-shared", message, wish.origin(), help_, (first.origin(),))
        for name, consequence in _DISAGREEMENTS.items():
            mine, theirs = _text(wish, name), _text(first, name)
            if mine != theirs:
                key, other = wish.key(name), first.task.ref.id
                message = f"{key} is {_quoted(mine)}, and {_quoted(theirs)} in {other} of the same group: {consequence}"
                yield _warning("group-disagrees", message, wish.origin(name), related=(first.origin(name),))


def _word(wish: Wish) -> str:
    return wish.task.ref.id.rpartition("/")[2].replace(".", "_") or "NAME"


def _text(wish: Wish, name: str) -> str | None:
    return wish.task.labels.get(wish.key(name))


def _quoted(text: str | None) -> str:
    return "not there" if text is None else f'"{text:.60}"'


def _of_port(wish: Wish) -> Iterator[Finding]:
    ports = [port for port in wish.task.ports if port is not None]
    if "backend.endpoint" in wish.values:
        name = "backend.endpoint"
        part = wish.values[name].get("portName")
        if "backend.portName" in wish.values:
            message = f"{wish.key('backend.portName')} has no effect beside {wish.key(name)}, which replaces it"
            yield _warning("label-without-effect", message, wish.origin("backend.portName"))
    else:
        name = "backend.portName"
        part = wish.values.get(name)
    if part is not None and part.value not in ports:
        message = f'{wish.key(name)} is "{part.value:.60}", and no port of the task has this name: nobody will answer'
        hint = suggestion(part.value, {port: port for port in ports}) if ports else "no port of the task has a name"
        yield _warning("no-such-port", message, wish.origin(name, part.piece), hint)
    elif part is None and wish.task.ports[:1] == (None,) and "backend.endpoint" not in wish.values:
        message = f"{wish.task.ref.id} has a port without a name, and Edge-LB finds ports by their names"
        yield _warning("unnamed-port", message, wish.origin(), "name the port in the app")


def _of_secrets(entry: Entry) -> Iterator[Finding]:
    for wish, (name, piece) in certificates([entry]):
        if name != AUTO_CERTIFICATE and secret_file(name) != name:
            message = f'the secret "{name}" becomes the file "{secret_file(name)}": files have no other characters'
            yield _warning("secret-renamed", message, wish.origin("frontend.certificates", piece))


def _of_tcp_rules(entry: Entry) -> Iterator[Finding]:
    if entry.protocol == "TCP" and "frontend.rules" in entry.wish.values:
        message = f"{entry.wish.key('frontend.rules')} has no effect on TCP: all of port {entry.port} is the group's"
        yield _warning("label-without-effect", message, entry.wish.origin("frontend.rules"))


def _of_redirect(frontend: Frontend) -> Iterator[Finding]:
    redirecting = frontend.labelled(_REDIRECT)
    if not redirecting:
        return
    kept: dict[str | None, set[str]] = {}
    for exception in (each for wish in redirecting for each in wish.values[_REDIRECT]):
        host, path = (exception[key].value if key in exception else None for key in ("host", "pathBeg"))
        kept.setdefault(host, set()).add(path or "")
    spared = {entry.group: entry.wish for entry in frontend.entries if not _stays(entry, kept)}
    for group in sorted(spared.keys() - {wish.group for wish in redirecting}):
        wish = redirecting[0]
        message = f"{wish.key(_REDIRECT)} redirects port {frontend.port} for group {group} too"
        help_ = "a redirect is the frontend's: give the hosts and paths that shall stay on HTTP, as host:NAME"
        yield _warning("redirects-others", message, wish.origin(_REDIRECT), help_, (spared[group].origin(),))


def _stays(entry: Entry, kept: Mapping[str | None, set[str]]) -> bool:
    """Whether everything that the entry takes is left on HTTP; `kept` are path prefixes by host, None for any host."""
    for rule in entry.rules:
        hosts = {None, rule["hostEq"].value} if "hostEq" in rule else {None}
        path = rule["pathBeg"].value if "pathBeg" in rule else ""
        if not any(path.startswith(prefix) for host in hosts for prefix in kept.get(host, ())):
            return False
    return True


def _of_equal_rules(frontend: Frontend) -> Iterator[Finding]:
    found = [(entry, rule) for entry in frontend.entries for rule in entry.rules]
    found.sort(key=lambda it: (specificity(it[1]), it[0].group))
    for _, equal in groupby(found, key=lambda it: specificity(it[1])):
        takers = {entry.group: (entry, rule) for entry, rule in reversed(list(equal))}
        groups = sorted(takers)
        for group in groups[1:]:
            yield _never_applies(frontend, takers[group], takers[groups[0]])


def _never_applies(frontend: Frontend, loser: tuple[Entry, Rule], winner: tuple[Entry, Rule]) -> Finding:
    entry, rule = loser
    what = ", ".join(f"{key}:{part.value}" for key, part in rule.items())
    message = (
        f"group {entry.group} never gets requests for {what} on port {frontend.port}: group {winner[0].group} does"
    )
    others = (winner[0].wish.origin("frontend.rules"),)
    return _warning("rule-never-applies", message, entry.wish.origin("frontend.rules"), related=others)
