"""What the actions of `http-request` and its like take, as far as that is the same from HAProxy 2.2 to 3.2."""

from __future__ import annotations

from enum import Enum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(Enum):
    """What a word of an action is."""

    WORD = auto()
    FORMAT = auto()
    SAMPLE = auto()
    REGEX = auto()
    NUMBER = auto()
    CODE = auto()
    DENIED = auto()
    STATUS = auto()
    LEVEL = auto()


_WRITTEN = {
    Kind.SAMPLE: regex(r"[\w.-]+(?:\([^()]*\))?(?:,[\w.-]+(?:\([^()]*\))?)*"),
    Kind.NUMBER: regex(r"\d{1,4}"),
    Kind.CODE: regex(r"30[12378]"),
    Kind.DENIED: regex(r"40[01358]|404|410|429|50[0234]"),
    Kind.STATUS: regex(r"[2-5]\d\d"),
    Kind.LEVEL: regex(r"emerg|alert|crit|err|warning|notice|info|debug|silent"),
}


def fits(kind: Kind, text: str) -> bool:
    """Whether a word can be of this kind, as far as its looks tell."""
    pattern = _WRITTEN.get(kind)
    return pattern.fullmatch(text) is not None if pattern is not None else bool(text)


_WORD, _FORMAT, _SAMPLE, _REGEX, _NUMBER = Kind.WORD, Kind.FORMAT, Kind.SAMPLE, Kind.REGEX, Kind.NUMBER
_NONE: Mapping[str, Kind | None] = MappingProxyType({})


class Form(NamedTuple):
    """The words of an action: those in `first` are always there, those in `more` may follow, each with its own word.

    `exact` says that nothing else can follow; `one_of` that some of these words have to.
    """

    first: tuple[Kind, ...] = ()
    more: Mapping[str, Kind | None] = _NONE
    exact: bool = False
    one_of: frozenset[str] = frozenset()


_REDIRECT = {
    **dict.fromkeys(("location", "prefix", "scheme"), _FORMAT),
    **dict.fromkeys(("set-cookie", "clear-cookie"), _WORD),
    **dict.fromkeys(("drop-query", "append-slash")),
    "code": Kind.CODE,
}
_DENY = Form(more={"deny_status": Kind.DENIED})
_RETURN = Form(more={"status": Kind.STATUS, "content-type": _WORD, "string": _WORD, "lf-string": _FORMAT})
_TRACK = Form((_SAMPLE,), {"table": _WORD})
_ONE = Form((_FORMAT,), exact=True)
_NAME_AND_FORMAT = Form((_WORD, _FORMAT), exact=True)
_REPLACED = Form((_WORD, _REGEX, _FORMAT), exact=True)

# What is not here may be right or wrong.
FORMS: Mapping[str, Form] = {
    **dict.fromkeys(("add-header", "set-header"), _NAME_AND_FORMAT),
    **dict.fromkeys(("replace-header", "replace-value"), _REPLACED),
    **dict.fromkeys(("replace-path", "replace-uri", "replace-pathq"), Form((_REGEX, _FORMAT), exact=True)),
    **dict.fromkeys(("set-path", "set-pathq", "set-query", "set-uri", "set-method"), _ONE),
    **dict.fromkeys(("deny", "tarpit"), _DENY),
    **dict.fromkeys(("set-src", "set-src-port", "set-dst", "set-dst-port"), Form((_SAMPLE,))),
    **dict.fromkeys(("track-sc0", "track-sc1", "track-sc2"), _TRACK),
    "allow": Form(exact=True),
    "auth": Form(more={"realm": _WORD}),
    "cache-store": Form((_WORD,)),
    "cache-use": Form((_WORD,)),
    "del-header": Form((_WORD,)),
    "redirect": Form(more=_REDIRECT, one_of=frozenset({"location", "prefix", "scheme"})),
    "reject": Form(exact=True),
    "return": _RETURN,
    "set-log-level": Form((Kind.LEVEL,)),
    "set-nice": Form((_NUMBER,)),
    "set-status": Form((Kind.STATUS,), {"reason": _WORD}),
    "silent-drop": Form(),
}
SET_VAR = regex(r"set-var\((?:proc|sess|txn|req|res)\.[A-Za-z0-9_.]+\)")
UNSET_VAR = regex(r"unset-var\((?:proc|sess|txn|req|res)\.[A-Za-z0-9_.]+\)")


def form_of(action: str) -> Form | None:
    """What the action takes, None where that is not known."""
    if SET_VAR.fullmatch(action):
        return Form((_SAMPLE,))
    if UNSET_VAR.fullmatch(action):
        return Form()
    return FORMS.get(action)
