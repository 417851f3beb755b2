"""Findings: what lbgen has to say about an input, with where it is, what it led to, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lbgen.errors import AppError, InputError
    from lbgen.origin import Origin


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

    @property
    def app(self) -> str | None:
        """Id of the app at fault, if it is known."""
        return self.origin.app if self.origin is not None else self.annotated_app

    @property
    def label(self) -> str | None:
        """Name of the label at fault, if it is known."""
        return self.origin.label if self.origin is not None else self.annotated_label


def of_error(
    error: AppError | InputError, severity: Severity = Severity.ERROR, otherwise: Origin | None = None
) -> Finding:
    """What the error says as a finding; `otherwise` is its origin where the error has none."""
    label = error.origin.label if error.origin is not None else None
    message = f"{label} {error}" if label else str(error)
    return Finding(error.rule, severity, message, error.origin or otherwise, help=error.help)
