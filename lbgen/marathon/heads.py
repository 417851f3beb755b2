"""Heads of sections that labels replace: without its own header, what follows ends up in somebody else's section."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lbgen.errors import AppError
from lbgen.model.blanks import Blank, compose
from lbgen.regex import regex
from lbgen.render.override import opens_section, says_something

if TYPE_CHECKING:
    from lbgen.marathon.fragments import Pieces
    from lbgen.model.blanks import Text

_KINDS = {"USERLIST_HEAD": "userlist", "FRONTEND_HEAD": "frontend", "BACKEND_HEAD": "backend"}
_GLUE = "FRONTEND_BACKEND_GLUE"


def opens_nothing(pieces: Pieces, name: str) -> bool:
    """Whether the label that replaces the head opens no section."""
    return not opens_section(pieces.override(name) or "", _KINDS[name])


def hides_frontend(pieces: Pieces) -> bool:
    """Whether the service port has no frontend, because a label or the operator says so."""
    if pieces.override("FRONTEND_HEAD") is not None:
        return opens_nothing(pieces, "FRONTEND_HEAD")
    # An operator may open what he likes, but without a word there is no section.
    operators = pieces.replaced("FRONTEND_HEAD")
    return operators is not None and not _says_something(operators)


def check_head(pieces: Pieces, name: str, *, portable: bool) -> None:
    """Raises AppError where a label replaces a head so that lines would end up in somebody else's section.

    An empty frontend head is how people hide a service port; an empty list of users is nothing at all. The portable
    dialect writes no rule for a hidden frontend; in the other one the label of the rule has to be empty too.
    """
    if not opens_nothing(pieces, name):
        return
    if _says_something(pieces.override(name)) or name == "BACKEND_HEAD":
        message = f"should begin with '{_KINDS[name]}': without it, its lines belong to the section before"
        raise _fault(pieces, name, message)
    if name == "FRONTEND_HEAD" and not portable and _says_something(pieces.override(_GLUE), missing=True):
        message = f"opens no frontend, and the rule of {_GLUE} would belong to the section before: leave that empty too"
        raise _fault(pieces, name, message)


def _says_something(text: str | None, *, missing: bool = False) -> bool:
    return missing if text is None else any(says_something(line) for line in text.split("\n"))


def _fault(pieces: Pieces, name: str, message: str) -> AppError:
    return AppError(message, origin=pieces.service.because(name).origin(), rule="head-opens-no-section")


_OF_BACKENDS = (Blank("backend"), Blank("name"))
_OPENS_FRONTEND = regex(r"(?:\A|\n)[ \t]*frontend[ \t]+\Z")


@lru_cache(maxsize=4096)
def named_apart(head: Text) -> Text:
    """The head of a frontend with `_in` behind a placeholder that is its whole name: the backend has that name.

    Marathon-LB's users had no other placeholder to name a frontend with, and HAProxy 3.3 refuses it.
    """
    pieces = [*head.pieces, "\n"]
    for index in range(1, len(pieces) - 1):
        before, name, after = pieces[index - 1 : index + 2]
        if name in _OF_BACKENDS and _OPENS_FRONTEND.search(str(before)) and str(after)[:1].isspace():
            return compose([*head.pieces[: index + 1], "_in", *head.pieces[index + 1 :]])
    return head
