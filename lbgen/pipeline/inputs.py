"""From files to apps: everything is read, and what cannot be is a finding."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lbgen import source
from lbgen.errors import InputError, LbgenError
from lbgen.finding import Finding, Severity
from lbgen.marathon.apps import Loaded, load_apps, load_tasks
from lbgen.marathon.schema import Fault
from lbgen.marathon.unread import unread_labels
from lbgen.origin import Origin, unescape_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lbgen.marathon.apps import MarathonApp

    Other = Callable[[str, Any], bool]


@dataclass(slots=True)
class Inputs:
    """The apps of a fleet, tasks by app id, the documents they came from, and what was wrong with the rest.

    `left_out` counts what could not be used: apps, and documents that may have held some.
    """

    apps: list[MarathonApp] = field(default_factory=list)
    tasks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    documents: dict[str, source.Document] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    left_out: int = 0


def read_inputs(
    paths: Sequence[str], *, tasks: Sequence[str] = (), stdin_name: str | None = None, other: Other | None = None
) -> Inputs:
    """Reads app definitions and replies of Marathon: files, directories, or `-` for standard input.

    `other` is asked first: it gets the name and the value of each document, and takes it by returning True.
    """
    inputs = Inputs()
    for name in _expanded(paths, inputs):
        _read_apps(name, inputs, stdin_name, other)
    for name in tasks:
        _read_tasks(name, inputs)
    return inputs


def _expanded(paths: Sequence[str], inputs: Inputs) -> Iterable[str]:
    for path in paths:
        try:
            found = source.find_documents([path])
        except LbgenError as error:
            _note(inputs, error)
            continue
        if not found:
            text = "the directory holds no .json file"
            inputs.findings.append(Finding("no-input", Severity.ERROR, text, Origin(path)))
        yield from found


def _note(inputs: Inputs, error: LbgenError) -> None:
    inputs.left_out += 1
    inputs.findings.append(Finding("unreadable", Severity.ERROR, str(error), error.origin, help=error.help))


def _document(name: str, inputs: Inputs, stdin_name: str | None) -> tuple[source.Document, Any] | None:
    try:
        document = source.read(name, stdin_name=stdin_name)
        inputs.documents[document.name] = document
        value = source.load(document)
    except LbgenError as error:
        _note(inputs, error)
        return None
    inputs.findings += _duplicates(document, value)
    return document, value


def _duplicates(document: source.Document, value: Any) -> Iterable[Finding]:
    for twice in document.duplicate_keys():
        key = unescape_pointer(twice.pointer.rpartition("/")[2])
        text = f'"{key}" is given twice; the last one counts, the one in line {twice.first.start.line} does not'
        origin = Origin(document.name, twice.pointer, _app_around(value, twice.pointer), position=twice.again.start)
        yield Finding("duplicate-key", Severity.WARNING, text, origin)


def _app_around(value: Any, pointer: str) -> str | None:
    """The id of the innermost object around the pointer that has labels, or should have."""
    found: str | None = None
    for token in pointer.split("/")[1:]:
        if isinstance(value, dict):
            if isinstance(value.get("id"), str) and token not in {"tasks", "apps", "groups"}:
                found = value["id"]
            value = value.get(unescape_pointer(token))
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
    return found


def _read_apps(name: str, inputs: Inputs, stdin_name: str | None, other: Other | None) -> None:
    found = _document(name, inputs, stdin_name)
    if found is None:
        return
    document, value = found
    if other is not None and other(document.name, value):
        return
    loaded = Loaded()
    load_apps(document.name, value, loaded)
    inputs.findings += loaded.findings
    inputs.left_out += loaded.left_out
    _add(loaded.apps, inputs)


def from_values(name: str, value: Any) -> Inputs:
    """The apps of a value that was read elsewhere; `name` is what findings call it."""
    inputs = Inputs()
    loaded = Loaded()
    load_apps(name, value, loaded)
    inputs.findings += loaded.findings
    inputs.left_out += loaded.left_out
    _add(loaded.apps, inputs)
    return inputs


def _add(apps: Iterable[MarathonApp], inputs: Inputs) -> None:
    seen = {app.id: app for app in inputs.apps}
    for app in apps:
        other = seen.setdefault(app.id, app)
        if other is not app:
            text = f"the app {app.id} is described twice; this description is left out"
            origin = Origin(app.ref.document, app.ref.pointer, app.id)
            first = Origin(other.ref.document, other.ref.pointer, app.id)
            inputs.findings.append(Finding("app-twice", Severity.ERROR, text, origin, related=(first,)))
            inputs.left_out += 1
            continue
        inputs.apps.append(app)
        inputs.findings += unread_labels(app)


def _read_tasks(name: str, inputs: Inputs) -> None:
    found = _document(name, inputs, None)
    if found is None:
        return
    document, value = found
    try:
        for app_id, tasks in load_tasks(value).items():
            inputs.tasks.setdefault(app_id, []).extend(tasks)
    except ExceptionGroup as group:
        inputs.left_out += 1
        for fault in group.exceptions:
            pointer = fault.pointer if isinstance(fault, Fault) else ""
            inputs.findings.append(Finding("wrong-type", Severity.ERROR, str(fault), Origin(document.name, pointer)))


def read_hosts(path: str) -> dict[str, str]:
    """Addresses by host name out of a JSON file; raises InputError where it holds anything else."""
    document = source.read(path)
    value = source.load(document)
    if not isinstance(value, dict) or not all(isinstance(address, str) for address in value.values()):
        raise InputError("should be an object of addresses by host name", origin=Origin(document.name))
    return value
