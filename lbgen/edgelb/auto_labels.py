"""The table of `edgelb.*` labels: one row a label; parser, documentation and lint are made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.edgelb import label_values as values
from lbgen.edgelb.label_grammar import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.edgelb.label_grammar import Piece, Reading

PREFIX = "edgelb."
DEFAULT_GROUP = "__default__"
"""The group of a task without group labels."""

TASK_LABELS: Mapping[str, str] = {
    "expose": "whether the task is served; it must be true",
    "template": "which pool template takes the task; default without it",
    "delimiter": "what separates the items of lists, in place of a comma",
    "item_delimiter": "what separates the members of dictionaries, in place of a bar",
    "key_delimiter": "what separates a key from its value, in place of a colon",
}


@dataclass(frozen=True, slots=True)
class GroupLabel:
    """A label `edgelb.{group}.<name>`; `parse` makes typed parts of its value."""

    name: str
    parse: Callable[[Reading, Piece], Any]
    default: str
    meaning: str


_ROWS = (
    GroupLabel("frontend.certificates", values.certificates, "", "secrets, or $AUTOCERT; makes the frontend HTTPS"),
    GroupLabel("frontend.port", values.port, "80, or 443 for HTTPS", "the port that clients connect to"),
    GroupLabel("frontend.protocol", values.protocol, "HTTP, or HTTPS with certificates", "what clients speak"),
    GroupLabel(
        "frontend.redirectToHttps", values.redirect, "", "sends clients to HTTPS, but for these hosts and paths"
    ),
    GroupLabel("frontend.rules", values.rules, "pathBeg:/", "which requests the group takes"),
    GroupLabel("backend.balance", values.words, "", "the balance algorithm"),
    GroupLabel("backend.portName", values.port_name, "the first port", "which port of the task"),
    GroupLabel("backend.protocol", values.protocol, "HTTP, or the frontend's", "what the task speaks"),
    GroupLabel("backend.rewriteHttp.path", values.path, "", "a path prefix, and what takes its place"),
    GroupLabel(
        "backend.rewriteHttp.sticky", values.sticky, "", "ties a client to its server; may be a line of its own"
    ),
    GroupLabel("backend.endpoint", values.endpoint, "", "where tasks are reached, in place of a port's name"),
)
GROUP_LABELS: Mapping[str, GroupLabel] = {row.name: row for row in _ROWS}


class Key(NamedTuple):
    """A label's key in its parts; `group` is empty for labels of the task.

    `problem` says what is wrong with it: a name without meaning is dropped, a group that cannot be is not
    (`impossible`).
    """

    group: str
    name: str
    problem: str = ""
    help: str = ""
    impossible: bool = False


def read_key(key: str) -> Key | None:
    """The parts of a label's key; None where it has nothing to do with Edge-LB."""
    if not key.startswith(PREFIX):
        looks_alike = key.lower().replace("-", "").replace("_", "").startswith("edgelb")
        return _unknown(key, "", key) if looks_alike else None
    group, _, name = key.removeprefix(PREFIX).partition(".")
    if not name:
        return Key("", group) if group in TASK_LABELS else _unknown(key, "", group)
    if problem := _group_problem(group):
        return Key("", name, problem, impossible=True)
    return Key(group, name) if name in GROUP_LABELS else _unknown(key, group, name)


def _group_problem(group: str) -> str:
    if group in TASK_LABELS:
        return f'is of the group "{group}", which is the name of a label and no name for a group'
    if not group or not group.isascii() or not all(char.isalnum() or char in "_:-" for char in group):
        return f'is of the group "{group:.60}", which no HAProxy backend can be called'
    return ""


def _unknown(key: str, group: str, name: str) -> Key:
    return Key(group, name, "is no label that Edge-LB reads", _hint(key, group, name))


def _hint(key: str, group: str, name: str) -> str:
    if not group:
        known = {label: f"{PREFIX}{label}" for label in TASK_LABELS}
        return suggestion(key.rpartition(".")[2] if "." in key else name, known)
    if f"{group}.{name}" in GROUP_LABELS:
        return f"it lacks a group: {PREFIX}NAME.{group}.{name}"
    if name.partition(".")[2] in GROUP_LABELS:
        return "a group's name has no dot"
    known = {label: f"{PREFIX}{group}.{label}" for label in GROUP_LABELS}
    for label, shown in list(known.items()):
        known.setdefault(label.rpartition(".")[2], shown)
    return suggestion(name, known)
