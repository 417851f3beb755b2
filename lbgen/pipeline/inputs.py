"""From files to apps: everything is read, and what cannot be is a finding."""

from __future__ import annotations

import json
from dataclasses import field
from typing import TYPE_CHECKING, Any

from lbgen import source
from lbgen.dataclass import dataclass
from lbgen.errors import InputError
from lbgen.finding import Finding, Severity, of_error
from lbgen.marathon.apps import Loaded, load_apps, load_tasks
from lbgen.marathon.planned import absolute_id
from lbgen.marathon.schema import Fault
from lbgen.marathon.unread import unread_labels
from lbgen.origin import Origin, unescape_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lbgen.marathon.apps import MarathonApp

    Other = Callable[[str, Any], bool]


@dataclass(slots=True)
class Inputs:
    """The apps of a fleet, tasks by app id, the documents they came from, and what was wrong with the rest.

    `left_out` names what could not be used: apps, documents that may have held some, tasks.
    """

    apps: list[MarathonApp] = field(default_factory=list)
    tasks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    documents: dict[str, source.Document] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read_inputs(
    paths: Sequence[str], *, tasks: Sequence[str] = (), stdin_name: str | None = None, other: Other | None = None
) -> Inputs:
    """Reads app definitions and replies of Marathon: files, directories, or `-` for standard input.

    `other` is asked first: it gets the name and the value of each document, and takes it by returning True.
    """
    inputs = Inputs()
    apps = _Apps(inputs)
    for name in source.find_documents(paths):
        _read_apps(name, inputs, apps, stdin_name, other)
    for name in tasks:
        _read_tasks(name, inputs)
    inputs.findings += _tasks_of_nobody(inputs)
    apps.judge_labels()
    return inputs


def _tasks_of_nobody(inputs: Inputs) -> Iterable[Finding]:
    """Says in one sentence which tasks go nowhere: their apps are not among these."""
    known = {absolute_id(app) for app in inputs.apps} | {f"/{name.removeprefix('/')}" for name in inputs.left_out}
    strange = sorted(inputs.tasks.keys() - known)
    if strange:
        count = sum(len(inputs.tasks[app_id]) for app_id in strange)
        one = count == 1
        named = ", ".join(app_id or "nobody (no appId)" for app_id in strange[:3])
        more = f" and {len(strange) - 3} more" if len(strange) > 3 else ""
        text = (
            f"{count} task{' belongs' if one else 's belong'} to no app that is given here, and nobody gets"
            f" {'it: it names' if one else 'them: they name'} {named}{more}"
        )
        yield Finding("task-of-no-app", Severity.WARNING, text, help="appId is the id of an app, as in /shop/web")


def _note(inputs: Inputs, error: InputError) -> None:
    inputs.left_out.append(error.origin.document if error.origin else "a document")
    inputs.findings.append(of_error(error))


def _document(name: str, inputs: Inputs, stdin_name: str | None) -> tuple[source.Document, Any] | None:
    try:
        document = source.read(name, stdin_name=stdin_name)
        inputs.documents[document.name] = document
        _refuse_too_many(document)
        value = source.load(document)
    except InputError as error:
        _note(inputs, error)
        return None
    inputs.findings += _duplicates(document, value)
    return document, value


MOST_VALUES = 5_000_000
"""Values of a document: each takes a hundred bytes or more, however little text it is."""


def _refuse_too_many(document: source.Document) -> None:
    # About as many, without reading them: values stand behind brackets and commas.
    count = sum(map(document.raw.count, (b"{", b"[", b",")))
    if count > MOST_VALUES:
        message = f"the file holds some {count:,} values; at most {MOST_VALUES:,} are taken"
        raise InputError(message, origin=Origin(document.name))


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


def _read_apps(name: str, inputs: Inputs, apps: _Apps, stdin_name: str | None, other: Other | None) -> None:
    found = _document(name, inputs, stdin_name)
    if found is None:
        return
    document, value = found
    if other is not None and other(document.name, value):
        return
    apps.load(document.name, value)


def from_values(name: str, value: Any) -> Inputs:
    """The apps of a value that was read elsewhere; `name` is what findings call it."""
    inputs = Inputs()
    apps = _Apps(inputs)
    apps.load(name, value)
    apps.judge_labels()
    return inputs


def add_running(
    inputs: Inputs, documents: Sequence[source.Document], other: Callable[[Any], bool]
) -> Iterator[tuple[str, Any]]:
    """Adds the apps of these documents, but for those whose ids the inputs have; of equal ones the first counts.

    Documents that are of `other`'s kind are given back, with their values. Raises InputError where one is not to be
    read, or holds nothing that is known.
    """
    known = {absolute_id(app) for app in inputs.apps}
    for document in documents:
        inputs.documents[document.name] = document
        value = source.load(document)
        if other(value):
            yield document.name, value
            continue
        loaded = Loaded()
        load_apps(document.name, value, loaded)
        if document.name in loaded.left_out:
            raise InputError(loaded.findings[0].message, origin=Origin(document.name))
        new = {absolute_id(app): app for app in reversed(loaded.apps)}
        inputs.apps += [new[app_id] for app_id in sorted(new.keys() - known)]
        known |= new.keys()


class _Apps:
    """Collects the apps of a fleet, each id once."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._index_by_id: dict[str, int] = {}

    def load(self, document: str, value: Any) -> None:
        """Adds the apps of a document's value."""
        loaded = Loaded()
        load_apps(document, value, loaded)
        self._inputs.findings += loaded.findings
        self._inputs.left_out += loaded.left_out
        for app in loaded.apps:
            index = self._index_by_id.setdefault(absolute_id(app), len(self._inputs.apps))
            if index == len(self._inputs.apps):
                self._inputs.apps.append(app)
            else:
                self._choose(index, app)

    def _choose(self, index: int, app: MarathonApp) -> None:
        """Keeps one of two descriptions of an app, the same one in whatever order they come."""
        kept, other = sorted((self._inputs.apps[index], app), key=_rank)
        self._inputs.apps[index] = kept
        text = f"the app {app.id} is described twice; this description is left out"
        origin = Origin(other.ref.document, other.ref.pointer, app.id)
        first = Origin(kept.ref.document, kept.ref.pointer, app.id)
        help_ = "give only one of them, or each an id of its own"
        self._inputs.findings.append(Finding("app-twice", Severity.ERROR, text, origin, help=help_, related=(first,)))
        self._inputs.left_out.append(f"one description of {app.id}")

    def judge_labels(self) -> None:
        """Adds what is to be said about labels that say nothing."""
        for app in self._inputs.apps:
            self._inputs.findings += unread_labels(app)


def _rank(app: MarathonApp) -> tuple[str, str, str]:
    return json.dumps([app.fields, app.tasks], sort_keys=True), app.ref.document, app.ref.pointer


def _read_tasks(name: str, inputs: Inputs) -> None:
    """Adds the tasks of a document; raises InputError where it holds none: placeholders may not stand for them."""
    document = source.read(name)
    inputs.documents[document.name] = document
    try:
        tasks, faults = load_tasks(source.load(document))
    except Fault as whole:
        raise InputError(f"this {whole}", origin=Origin(document.name)) from None
    for app_id, found in tasks.items():
        inputs.tasks.setdefault(app_id, []).extend(found)
    for fault in faults:
        inputs.left_out.append(f"a task of {document.name}")
        member = fault.pointer.rpartition("/")[2]
        what = f'"{member}"' if member and not member.isdecimal() else "this"
        origin = Origin(document.name, fault.pointer)
        inputs.findings.append(Finding("wrong-type", Severity.ERROR, f"{what} {fault}; the task is left out", origin))


def read_hosts(path: str) -> dict[str, str]:
    """Addresses by host name out of a JSON file; raises InputError where it holds anything else."""
    document = source.read(path)
    value = source.load(document)
    if not isinstance(value, dict) or not all(isinstance(address, str) for address in value.values()):
        raise InputError("should be an object of addresses by host name", origin=Origin(document.name))
    return value
