"""Findings: what lbgen has to say about an input, with where it is, what it led to, and what to do."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from lbgen.codes import CODES
from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from lbgen.errors import AppError, InputError
    from lbgen.origin import Origin, Span


class Severity(IntEnum):
    """How bad it is; ordered, so that they compare."""

    INFO = 0
    WARNING = 1
    ERROR = 2

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class ConfigLine:
    """A line of a haproxy.cfg: `line` from 1 (0: no line is known), `section` as in `backend web_10001`."""

    document: str
    line: int
    section: str = ""
    text: str = ""


class Edit(NamedTuple):
    """What happens to one value of a document, or to a stretch of its text.

    `pointer` leads to a value of a JSON or YAML document. Of its decoded string the characters from `start` up to `end`
    become `text`; without these the whole value does. With `key` it is the member's name that becomes `text`. Without
    a text the member goes, or the item of a list. `pointer` may lead to a member that is not there yet, of an object
    that is: it is added. In a document without pointers, as a haproxy.cfg, `span` is replaced by `text`.
    """

    document: str
    text: str | None
    pointer: str = ""
    start: int | None = None
    end: int | None = None
    key: bool = False
    span: Span | None = None


class Fix(NamedTuple):
    """How a finding can be mended: all edits or none. `safe` where nobody can have meant what the text says now."""

    message: str
    edits: tuple[Edit, ...]
    safe: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say.

    `rule` is a readable, stable name such as `directive-wrong-section`. `origin` is the value at fault, `config` the
    line of haproxy.cfg that it leads to; either may be missing. `app` and `label` come from the origin unless given,
    as they are where only the comments of a generated file know them.
    """

    rule: str
    severity: Severity
    message: str
    origin: Origin | None = None
    config: ConfigLine | None = None
    help: str = ""
    related: tuple[Origin, ...] = ()
    annotated_app: str | None = None
    annotated_label: str | None = None
    fix: Fix | None = None

    @property
    def code(self) -> str:
        """The rule's stable code, such as `LBG507`; empty for a rule that has none."""
        return CODES.get(self.rule, "")

    @property
    def app(self) -> str | None:
        """Id of the app at fault, if it is known."""
        return self.origin.app if self.origin is not None else self.annotated_app

    @property
    def label(self) -> str | None:
        """Name of the label at fault, if it is known."""
        return self.origin.label if self.origin is not None else self.annotated_label


class Suppressed(NamedTuple):
    """A finding that somebody does not want to hear of: `external` where a baseline or the settings say so."""

    finding: Finding
    kind: Literal["inSource", "external"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RulePage:
    """What the manual says of a rule: `page` is all of it, in Markdown, `url` where it can be read, if anywhere."""

    name: str
    code: str
    severity: Severity
    summary: str
    page: str
    url: str = ""


def of_error(
    error: AppError | InputError, severity: Severity = Severity.ERROR, otherwise: Origin | None = None
) -> Finding:
    """What the error says as a finding; `otherwise` is its origin where the error has none."""
    label = error.origin.label if error.origin is not None else None
    message = f"{label} {error}" if label else str(error)
    return Finding(error.rule, severity, message, error.origin or otherwise, help=error.help)
