"""From the labels of one task to what it asks for: a template, and in each group a frontend and a backend."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.edgelb.auto_labels import DEFAULT_GROUP, GROUP_LABELS, PREFIX, read_key
from lbgen.edgelb.label_grammar import BadValue, Delimiters, Piece, Reading
from lbgen.finding import Finding, Severity
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.edgelb.auto_labels import Key
    from lbgen.model.service import AppRef
    from lbgen.origin import Origin

DEFAULT_TEMPLATE = "default"
_TEMPLATE = regex(r"[a-z0-9]([a-z0-9-]*[a-z0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTask:
    """A task, or an app that stands for all of its tasks.

    `selector` is what selects it in a pool, `ports` the names of its ports (None where there is none), `order` what it
    is sorted by. `fields` leads to the values of labels, by key, where they do not stand in `labels/<key>`. `service`
    selects all tasks of its kind, where that is known.
    """

    ref: AppRef
    labels: Mapping[str, str]
    selector: Mapping[str, Mapping[str, str]]
    ports: tuple[str | None, ...]
    order: tuple[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)
    service: Mapping[str, Mapping[str, str]] | None = None

    @property
    def runs(self) -> bool:
        """Whether it is a task that runs, and no app that stands for some."""
        return "mesos" in self.selector

    def origin(self, key: str, piece: Piece | None = None) -> Origin:
        """Where a label, or a piece of its value, stands; the task itself where it has no such label."""
        if key not in self.labels:
            return self.ref.because().origin()
        because = self.ref.because(self.fields[key]) if key in self.fields else self.ref.label(key)
        origin = because.origin()
        return origin if piece is None else origin.narrowed(piece.start, piece.end)


class Wish(NamedTuple):
    """What one task asks for in one group; `values` holds typed parts by the name of the label."""

    task: LabelledTask
    group: str
    values: Mapping[str, Any]

    def key(self, name: str) -> str:
        """The key of the group's label of this name."""
        return f"{PREFIX}{self.group}.{name}"

    def origin(self, name: str = "", piece: Piece | None = None) -> Origin:
        """Where the label of this name stands; without it, what exposes the task."""
        key = self.key(name)
        return self.task.origin(key, piece) if key in self.task.labels else self.task.origin(f"{PREFIX}expose")

    @property
    def order(self) -> tuple[str, str, str]:
        """What wishes are sorted by, so that the order of the input does not matter."""
        return *self.task.order, self.group


@dataclass(slots=True)
class Wishes:
    """What a task asks for; `exposed` says whether it asks at all, `left_out` whether something cannot be had."""

    template: str = DEFAULT_TEMPLATE
    wishes: list[Wish] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    exposed: bool = False
    left_out: bool = False

    def warn(self, rule: str, message: str, origin: Origin, help: str = "") -> None:
        """Says something that costs nothing."""
        self.findings.append(Finding(rule, Severity.WARNING, message, origin, help=help))

    def fail(self, message: str, origin: Origin, help: str = "") -> None:
        """Says why something is left out."""
        self.left_out = True
        self.findings.append(Finding("bad-label-value", Severity.ERROR, message, origin, help=help))


def read_task(task: LabelledTask) -> Wishes:
    """What the task asks for; what is wrong with one group's labels costs that group alone."""
    made = Wishes()
    keys = {label: key for label in task.labels if (key := read_key(label)) is not None}
    for label, key in keys.items():
        if key.problem and not key.impossible:
            made.warn("label-unknown", f"{label} {key.problem}", task.origin(label), key.help)
    if not _exposed(task, made):
        return made
    for label in (label for label, key in keys.items() if key.impossible):
        made.fail(f"{label} {keys[label].problem}", task.origin(label))
    reading = _reading(task, made)
    if reading is not None:
        for group, labels in _groups(keys).items():
            _read_group(task, reading, group, labels, made)
    return made


def _exposed(task: LabelledTask, made: Wishes) -> bool:
    key = f"{PREFIX}expose"
    value = task.labels.get(key)
    made.exposed = value == "true"
    if value is not None and value not in {"true", "false"}:
        made.warn("not-exposed", f'{key} should be true, is "{value:.60}": the task is not served', task.origin(key))
    elif value != "true" and any(label.startswith(PREFIX) for label in task.labels):
        message = f"has labels of Edge-LB, and not {key}=true: the task is not served"
        made.findings.append(Finding("not-exposed", Severity.INFO, message, task.origin(key)))
    return made.exposed


def _reading(task: LabelledTask, made: Wishes) -> Reading | None:
    """How the task's labels are to be read; None where nothing can be made of them."""
    usable = [_template(task, made), _delimiters_given(task, made)]
    names = {part: f"{PREFIX}{name}" for part, name in _DELIMITERS.items()}
    chosen = {part: task.labels[key] for part, key in names.items() if key in task.labels}
    delimiters = Delimiters(**chosen)
    if len({delimiters.items, delimiters.members, delimiters.key}) < 3:
        key = next(names[part] for part in chosen)
        made.fail(f"{key} is what something else is separated by already", task.origin(key))
        return None
    return Reading(delimiters) if all(usable) else None


_DELIMITERS = {"items": "delimiter", "members": "item_delimiter", "key": "key_delimiter"}


def is_template(name: str) -> bool:
    """Whether a template can be called this, and its pool after it."""
    return _TEMPLATE.fullmatch(name) is not None


def _template(task: LabelledTask, made: Wishes) -> bool:
    key = f"{PREFIX}template"
    made.template = name = task.labels.get(key, DEFAULT_TEMPLATE)
    if is_template(name):
        return True
    help_ = "templates are called by small letters, digits and dashes, two at least, and no dash at the ends"
    made.fail(f'{key} is "{name:.60}": no pool can be called auto-{name:.60}', task.origin(key), help_)
    return False


def _delimiters_given(task: LabelledTask, made: Wishes) -> bool:
    empty = [key for name in _DELIMITERS.values() if task.labels.get(key := f"{PREFIX}{name}") == ""]
    for key in empty:
        made.fail(f"{key} is empty: nothing can be separated by it", task.origin(key))
    return not empty


def _groups(keys: Mapping[str, Key]) -> dict[str, dict[str, str]]:
    """The labels of each group, by name; a label without meaning makes a group all the same."""
    groups: dict[str, dict[str, str]] = {}
    for label, key in keys.items():
        if key.group:
            group = groups.setdefault(key.group, {})
            if not key.problem:
                group[key.name] = label
    if not groups and not any(key.impossible for key in keys.values()):
        return {DEFAULT_GROUP: {}}
    return groups


def _read_group(task: LabelledTask, reading: Reading, group: str, labels: Mapping[str, str], made: Wishes) -> None:
    values: dict[str, Any] = {}
    for name, label in labels.items():
        reading.notes.clear()
        try:
            values[name] = GROUP_LABELS[name].parse(reading, Piece(task.labels[label]))
        except BadValue as bad:
            made.fail(f"{label} {bad}", task.origin(label, bad.piece), bad.help)
        for note in reading.notes:
            made.warn(note.rule, f"{label} {note.message}", task.origin(label, note.piece), note.help)
    if len(values) == len(labels):
        made.wishes.append(Wish(task, group, values))
