"""What a rule is: a row of the registry, with a module that checks and whose docstring is its manual page."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from lbgen.codes import CODES
from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from lbgen.finding import ConfigLine, Fix, Severity
    from lbgen.origin import Origin


class Subject(StrEnum):
    """What a rule looks at; TOLD are rules that reading and generating tell by themselves."""

    APP = "app"
    POOL = "pool"
    FLEET = "fleet"
    CONFIG = "config"
    TOLD = "told"


class Fixing(StrEnum):
    """Which fixes a rule offers."""

    NONE = "none"
    SAFE = "safe"
    UNSAFE = "unsafe"
    SOMETIMES = "sometimes"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule found; `severity` is the rule's own unless given. The rest is as in `Finding`."""

    message: str
    origin: Origin | None = None
    help: str = ""
    related: tuple[Origin, ...] = ()
    config: ConfigLine | None = None
    fix: Fix | None = None
    severity: Severity | None = None


class Check(Protocol):
    """What a rule's module defines as `check`: everything that is wrong with the subject."""

    def __call__(self, subject: Any) -> Iterable[Problem]:  # noqa: D102 - the class's docstring says it
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `module` defines `check` unless the subject is TOLD; its docstring is the manual page.

    A module that only has a page is named, and imported when somebody wants to read it.

    A page has a first line that sums it up, and the headings `## What it does`, `## Why is this bad?` and
    `## Use instead`. `pedantic` rules speak only when they are asked to.
    """

    name: str
    severity: Severity
    subject: Subject
    module: ModuleType | str
    fixing: Fixing = Fixing.NONE
    pedantic: bool = False

    @property
    def code(self) -> str:
        """The stable code, such as `LBG507`."""
        return CODES[self.name]

    @property
    def check(self) -> Check:
        """The function that finds."""
        return cast("Check", self._imported.check)

    @property
    def page(self) -> str:
        """The manual page, in Markdown."""
        return self._imported.__doc__ or ""

    @property
    def _imported(self) -> ModuleType:
        return import_module(self.module) if isinstance(self.module, str) else self.module

    @property
    def summary(self) -> str:
        """The first line of the manual page."""
        return self.page.partition("\n")[0]
