"""Auto pools: the pool that Edge-LB 1.7 makes of the labels of tasks, one for each template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.edgelb.auto_frontends import Entry, join, settle
from lbgen.edgelb.auto_groups import LabelledTask, Wish, read_task
from lbgen.edgelb.auto_said import remarks
from lbgen.edgelb.auto_services import endpoint
from lbgen.edgelb.auto_value import certificates, pool_value, secret_file
from lbgen.edgelb.label_values import AUTO_CERTIFICATE
from lbgen.edgelb.traced import untraced
from lbgen.errors import AppError
from lbgen.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lbgen.model.service import AppRef
    from lbgen.origin import Origin

__all__ = ["AutoPool", "AutoPools", "LabelledTask", "auto_pools"]

Refused = list[tuple[Wish, AppError]]
Elsewhere = Callable[[str, Sequence[Entry]], Refused]
"""Which wishes for a pool of this name are for ports that somebody else has, and who."""


@dataclass(frozen=True, slots=True)
class AutoPool:
    """A pool of a template: the JSON value, by pointer into it the labels that it was made of, and the apps in it."""

    template: str
    value: Mapping[str, Any]
    origins: Mapping[str, Origin]
    apps: tuple[AppRef, ...]

    @property
    def name(self) -> str:
        """The name of the pool."""
        return f"auto-{self.template}"


@dataclass(slots=True)
class AutoPools:
    """The pools by template, with findings.

    `left_out` are the apps of which something is not served; `asked` tells whether any asked to be.
    """

    pools: list[AutoPool] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[AppRef] = field(default_factory=list)
    asked: bool = False


def auto_pools(tasks: Iterable[LabelledTask], elsewhere: Elsewhere = lambda *_: []) -> AutoPools:
    """The pools that Edge-LB makes of the labels of these tasks; what cannot be had is left out and named.

    So are wishes for ports that `elsewhere` knows to be somebody else's, unless their task runs already.
    """
    made = AutoPools()
    templates: dict[str, list[Wish]] = {}
    for task in sorted(tasks, key=lambda task: (task.order, task.ref.document, task.ref.pointer)):
        read = read_task(task)
        made.asked = made.asked or read.exposed
        made.findings += read.findings
        made.left_out += [task.ref] if read.left_out else []
        templates.setdefault(read.template, []).extend(read.wishes)
    for template in sorted(templates):
        _add_pool(template, templates[template], made, elsewhere)
    made.left_out = list(dict.fromkeys(made.left_out))
    made.findings = list(dict.fromkeys(made.findings))
    return made


def _add_pool(template: str, wishes: Sequence[Wish], made: AutoPools, elsewhere: Elsewhere) -> None:
    entries, impossible = _settled(wishes)
    entries = _without(entries, elsewhere(f"auto-{template}", entries), made)
    entries, nameless = _with_own_secrets(entries)
    frontends, unfit = join(entries)
    for wish, error in [*impossible, *nameless, *unfit]:
        made.findings.append(Finding(error.rule, Severity.ERROR, str(error), error.origin, help=error.help))
        made.left_out.append(wish.task.ref)
    if frontends:
        made.findings += remarks(frontends)
        value, origins = untraced(pool_value(template, frontends))
        apps = dict.fromkeys(entry.wish.task.ref for frontend in frontends for entry in frontend.entries)
        made.pools.append(AutoPool(template, value, origins, tuple(apps)))


def _without(entries: Sequence[Entry], refused: Refused, made: AutoPools) -> list[Entry]:
    """The entries without those that are refused; what runs already goes on, and is told."""
    without = set()
    for wish, error in refused:
        made.findings.append(Finding(error.rule, Severity.ERROR, str(error), error.origin, help=error.help))
        if not wish.task.runs:
            made.left_out.append(wish.task.ref)
            without.add(id(wish))
    return [entry for entry in entries if id(entry.wish) not in without]


def _settled(wishes: Iterable[Wish]) -> tuple[list[Entry], Refused]:
    entries: list[Entry] = []
    refused: Refused = []
    for wish in wishes:
        try:
            endpoint(wish)
            entries.append(settle(wish))
        except AppError as error:
            refused.append((wish, error))
    return entries, refused


def _with_own_secrets(entries: Sequence[Entry]) -> tuple[list[Entry], Refused]:
    """The entries whose secrets can be told apart, and those that lose theirs to another name."""
    owners: dict[str, str] = {}
    kept: list[Entry] = []
    refused: Refused = []
    for entry in entries:
        named = [(part, secret_file(part.value)) for _, part in certificates([entry]) if part.value != AUTO_CERTIFICATE]
        taken = [(part, file) for part, file in named if owners.get(file, part.value) != part.value]
        if not taken:
            owners.update((file, part.value) for part, file in named)
            kept.append(entry)
            continue
        (name, piece), file = taken[0]
        origin = entry.wish.origin("frontend.certificates", piece)
        message = f'the secrets "{owners[file]}" and "{name}" would both be the file "{file}"'
        refused.append((entry.wish, AppError(message, origin=origin, rule="secret-twice")))
    return kept, refused
