"""Pools out of a document: every shape in which they are written down, each checked, with all of its faults."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.edgelb import schema
from lbgen.edgelb.building import build
from lbgen.edgelb.checks import faults
from lbgen.edgelb.checks.words import one_of
from lbgen.edgelb.said import Said, findings, warning, writing
from lbgen.edgelb.unread import unread
from lbgen.finding import Severity
from lbgen.model.border import Fault, described, validate
from lbgen.origin import unescape_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lbgen.edgelb.pool import Pool
    from lbgen.finding import Finding


class Candidate(NamedTuple):
    """Something that should be a pool, where it stands, and the version that its surroundings say, if they do."""

    pointer: str
    value: Any
    version: str = ""
    wrapped: bool = False


_SIGNS_OF_A_POOL = {"haproxy", "apiVersion", "name"}
_NO_POOLS = (
    ("container", "is a Marathon app, not a pool: lbgen haproxy from-app reads it"),
    ("cmd", "is a Marathon app, not a pool: lbgen haproxy from-app reads it"),
    ("apps", "is a reply of Marathon, not a pool: lbgen haproxy from-app reads it"),
    ("frontends", 'is only the "haproxy" part of a pool'),
    ("code", "is an error message of Edge-LB"),
)


def candidates(value: Any) -> Iterator[Candidate]:
    """Everything in the document that should be a pool; raises Fault where the document is of no known shape."""
    if isinstance(value, list):
        yield from _each(value, "", wrapped=False)
    elif not isinstance(value, dict):
        raise Fault("", f"should be a pool, is {described(value)}")
    elif "pools" in value:
        if not isinstance(value["pools"], list):
            raise Fault("/pools", f'"pools" should be a list, is {described(value["pools"])}')
        yield from _each(value["pools"], "/pools", wrapped=True)
    elif value.keys() & _SIGNS_OF_A_POOL and not isinstance(value.get("cmd"), str):
        yield _candidate(value, "", wrapped=False)
    else:
        raise Fault("", next((words for key, words in _NO_POOLS if key in value), 'is no pool: it has no "haproxy"'))


def _each(listed: list[Any], pointer: str, *, wrapped: bool) -> Iterator[Candidate]:
    for index, item in enumerate(listed):
        yield _candidate(item, f"{pointer}/{index}", wrapped=wrapped)


def _candidate(value: Any, pointer: str, *, wrapped: bool) -> Candidate:
    """The pool itself, also out of the container in which `GET /config` gives it back."""
    if isinstance(value, dict) and "haproxy" not in value:
        for key, version in (("v1", "V1"), ("v2", "V2")):
            if isinstance(value.get(key), dict):
                return Candidate(f"{pointer}/{key}", value[key], version)
    return Candidate(pointer, value, wrapped=wrapped)


@dataclass(slots=True)
class Loaded:
    """The pools of some documents, and what was found; `left_out` counts those that cannot be used.

    `refused` are those of them of which more can be said: what is wrong is not in them, or as it was written.
    `mistyped` are the pointers of values of the wrong type, by document and pool.
    """

    pools: list[Pool] = field(default_factory=list)
    refused: list[Pool] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: int = 0
    mistyped: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)


def load_pools(document: str, value: Any, into: Loaded) -> None:
    """Adds the pools of one document, and says everything that is wrong with them."""
    try:
        found = list(candidates(value))
    except Fault as fault:
        into.findings += findings([Said("not-a-pool", fault.pointer, f"this {fault}")], document)
        into.left_out += 1
        return
    if not found:
        into.findings += findings([Said("not-a-pool", "/pools", "there is no pool in it")], document)
        into.left_out += 1
    for candidate in found:
        pool, said = _read(document, candidate)
        wrong = frozenset(each.pointer for each in said if each.rule == "wrong-type")
        if wrong:
            into.mistyped[document, candidate.pointer] = wrong
        into.findings += findings(said, document)
        bad = any(each.severity is Severity.ERROR for each in said)
        into.left_out += pool is None or bad
        if pool is not None:
            (into.refused if bad else into.pools).append(pool)


def _read(document: str, candidate: Candidate) -> tuple[Pool | None, list[Said]]:
    pointer, value = candidate.pointer, candidate.value
    if not isinstance(value, dict):
        return None, [Said("not-a-pool", pointer, f"should be a pool, is {described(value)}")]
    version, said = _version(candidate)
    wrong = list(_wrong_types(version, value))
    said += [Said("wrong-type", pointer + fault.pointer, _sentence(fault)) for fault in wrong]
    said += unread(schema.POOLS[version], value, pointer)
    pool = build(version, _without(value, wrong), document, pointer)
    said += _not_following_from({pointer + fault.pointer for fault in wrong}, faults(pool))
    return pool, said


def _version(candidate: Candidate) -> tuple[str, list[Said]]:
    """The version that counts, and what is to be said of it."""
    value, at = candidate.value, f"{candidate.pointer}/apiVersion"
    given = value.get("apiVersion", candidate.version or None)
    if isinstance(given, str) and given in schema.POOLS:
        return given, []
    guessed = "V1" if candidate.wrapped or _has_servers(value) else "V2"
    if given is None:
        other = "V2" if guessed == "V1" else "V1"
        message = f'"apiVersion" is missing; this is read as {guessed}, which another tool may read as {other}'
        return guessed, [warning("no-api-version", at, message, f'say "apiVersion": "{guessed}"', writing(at, guessed))]
    return guessed, list(one_of(at, given, tuple(schema.POOLS))) if isinstance(given, str) else []


def _has_servers(value: Mapping[str, Any]) -> bool:
    haproxy = value.get("haproxy")
    backends = haproxy.get("backends") if isinstance(haproxy, dict) else None
    if not isinstance(backends, list):
        return False
    return any(isinstance(backend, dict) and "servers" in backend for backend in backends)


def _wrong_types(version: str, value: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        validate(schema.POOLS[version], value)
    except ExceptionGroup as group:
        yield from (fault for fault in group.exceptions if isinstance(fault, Fault))


def _sentence(fault: Fault) -> str:
    name = unescape_pointer(fault.pointer.rpartition("/")[2])
    return f'"{name:.60}" {fault}' if not name.isdecimal() else f"this {fault}"


_EMPTY: tuple[tuple[str, Any], ...] = (("should be an object", {}), ("should be a whole number", 0))


def _without(value: Mapping[str, Any], wrong: Iterable[Fault]) -> dict[str, Any]:
    """A copy of the object without the values that are of the wrong type; in lists something empty stands for them."""
    copy: dict[str, Any] = _copied(value)
    for fault in wrong:
        *path, last = (unescape_pointer(token) for token in fault.pointer.split("/")[1:])
        holder: Any = copy
        for token in path:
            holder = holder[int(token)] if isinstance(holder, list) else holder.get(token)
            if not isinstance(holder, (dict, list)):
                break
        if isinstance(holder, list):
            holder[int(last)] = next((empty for words, empty in _EMPTY if words in str(fault)), "")
        elif isinstance(holder, dict):
            holder.pop(last, None)
    return copy


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inside) for key, inside in value.items()}
    return [_copied(inside) for inside in value] if isinstance(value, list) else value


def _not_following_from(wrong: set[str], said: Iterable[Said]) -> Iterator[Said]:
    """What is to be said, without what only follows from values of the wrong type, which are told already."""
    for each in said:
        if each.rule in {"unknown-backend", "unused-backend"} and wrong:
            continue
        if not any(_within(each.pointer, pointer) or _is_of(pointer, each.pointer) for pointer in wrong):
            yield each


_SELECTORS = frozenset({"marathon", "mesos", "framework", "task"})


def _is_of(pointer: str, above: str) -> bool:
    """Whether what is wrong at the pointer may be why something is missing in what is above it."""
    first, *others = pointer.removeprefix(f"{above}/").split("/") if _within(pointer, above) else ["", ""]
    return not others or first in _SELECTORS


def beside(wrong: Iterable[str], said: Iterable[Said], pool: str) -> Iterator[Said]:
    """What is to be said of other frontends and backends of the pool than those with values of the wrong type.

    Where such a value is neither's, nothing is: who knows what follows from it.
    """
    parts = [_part(pointer, pool) for pointer in wrong]
    return (each for each in said if not any(_within(each.pointer, part) for part in parts))


def _part(pointer: str, pool: str) -> str:
    tokens = pointer.removeprefix(pool).split("/")[1:4]
    whole = tokens[:1] == ["haproxy"] and tokens[1:2] in (["frontends"], ["backends"]) and len(tokens) > 2
    return f"{pool}/{'/'.join(tokens)}" if whole else pool


def _within(pointer: str, above: str) -> bool:
    return pointer == above or pointer.startswith(f"{above}/")
