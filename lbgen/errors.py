"""What can end a run: every error is one sentence for the user, with where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lbgen.origin import Origin


class LbgenError(Exception):
    """Something that the user can mend; `str()` is the sentence to print."""

    def __init__(self, message: str, *, origin: Origin | None = None, help: str = "") -> None:
        super().__init__(message)
        self.origin = origin
        self.help = help


class InputError(LbgenError):
    """An input file cannot be read or is not what it should be. `rule` names the finding that it becomes."""

    def __init__(self, message: str, *, origin: Origin | None = None, help: str = "", rule: str = "unreadable") -> None:
        super().__init__(message, origin=origin, help=help)
        self.rule = rule


class AppError(LbgenError):
    """One app cannot be translated; the others go on. `rule` names the finding that it becomes."""

    def __init__(self, message: str, *, origin: Origin | None = None, help: str = "", rule: str = "bad-app") -> None:
        super().__init__(message, origin=origin, help=help)
        self.rule = rule


def unexpected(error: Exception, origin: Origin) -> AppError:
    """A mistake of lbgen's own, told of the app that brought it to light, so that the others are served."""
    said = f"{type(error).__name__}: {error}"
    message = f"made lbgen fail, which is a mistake of lbgen's: {said:.200}"
    return AppError(message, origin=origin, help="please report it, with the app", rule="internal-error")


class UsageError(LbgenError):
    """Options that do not go together, or a value that an option does not take."""


class ToolError(LbgenError):
    """A program or service that was asked for is not there, or does not work."""
