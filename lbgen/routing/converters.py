"""What HAProxy's converters make of a sample, and the maps that they look into."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from lbgen.routing.matching import Patterns, pattern_holds, regular
from lbgen.routing.values import Unknown, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lbgen.routing.expressions import Call, Expression
    from lbgen.routing.state import State
    from lbgen.routing.values import Sample, Value

    Converter = Callable[[str, tuple[str, ...]], Sample]


def converted(expression: Expression, sample: Sample, state: State) -> Sample:
    """What the converters of the expression make of a sample."""
    for call in expression.converters:
        if sample is None or isinstance(sample, Unknown):
            return sample
        sample = _convert(call, sample, state)
    return sample


def _convert(call: Call, value: Value, state: State) -> Sample:
    if call.name == "map" or call.name.startswith("map_"):
        return _mapped(call, value, state)
    found = _CONVERTERS.get(call.name)
    if found is None:
        return Unknown(f"what the converter {call.name} makes of it")
    return found(text_of(value), call.args)


def _mapped(call: Call, value: Value, state: State) -> Sample:
    """What a map has for the value: the first entry that fits, else the default."""
    path = call.args[0] if call.args else ""
    text = state.file(path)
    if text is None:
        return Unknown(f"the map {path} is not given")
    method = call.name.split("_")[1] if "_" in call.name else "str"
    if method not in {"str", "beg", "sub", "dir", "dom", "end", "reg", "ip", "int"}:
        return Unknown(f"what {call.name} makes of it")
    if method == "str":
        found: Sample = _table(text).get(text_of(value))
    else:
        found = _searched(method, text, value)
    return call.args[1] if found is None and len(call.args) > 1 else found


def _searched(method: str, text: str, value: Value) -> Sample:
    entries = entries_of(text)
    if method == "beg":
        # HAProxy keeps beginnings in a tree, which finds the longest.
        entries = sorted(entries, key=lambda entry: -len(entry[0]))
    for key, result in entries:
        verdict = pattern_holds(method, Patterns((key,)), value)
        if verdict.truth is None:
            return Unknown(verdict.why)
        if verdict.truth:
            return result
    return None


@lru_cache(maxsize=16)
def _table(text: str) -> Mapping[str, str]:
    return dict(reversed(entries_of(text)))


@lru_cache(maxsize=16)
def entries_of(text: str) -> Sequence[tuple[str, str]]:
    """Keys and values of a map, in their order; of a list of patterns the values are empty."""
    lines = (line.strip() for line in text.split("\n"))
    parts = (line.split(None, 1) for line in lines if line and not line.startswith("#"))
    return [(part[0], part[1].strip() if len(part) > 1 else "") for part in parts]


def _field(text: str, args: tuple[str, ...]) -> Sample:
    """The nth of the fields between delimiters; empty ones count."""
    number = number_of(args[0]) if args else None
    if not number or len(args) < 2 or not args[1]:
        return Unknown("which field is meant")
    return _nth(re.split(f"[{re.escape(args[1])}]", text), number)


def _word(text: str, args: tuple[str, ...]) -> Sample:
    """The nth of the words between delimiters; empty ones do not count."""
    number = number_of(args[0]) if args else None
    if not number or len(args) < 2 or not args[1]:
        return Unknown("which word is meant")
    return _nth([word for word in re.split(f"[{re.escape(args[1])}]", text) if word], number)


def _nth(parts: Sequence[str], number: int) -> str | None:
    index = number - 1 if number > 0 else number
    return parts[index] if -len(parts) <= index < len(parts) else ""


def _regsub(text: str, args: tuple[str, ...]) -> Sample:
    if len(args) < 2:
        return Unknown("what regsub replaces")
    flags = args[2] if len(args) > 2 else ""
    pattern = regular(args[0], ignore_case="i" in flags)
    if pattern is None:
        return Unknown(f'"{args[0]:.60}" as a regular expression')
    return pattern.sub(lambda match: filled(args[1], match), text, count=0 if "g" in flags else 1)


def filled(template: str, match: re.Match[str]) -> str:
    r"""The template with \1 and the like replaced by what the groups of the match hold."""
    return re.sub(r"\\(\d)", lambda digit: _group(match, int(digit[1])), template)


def _group(match: re.Match[str], number: int) -> str:
    return (match[number] or "") if number <= (match.re.groups or 0) else ""


def _host_only(text: str, args: tuple[str, ...]) -> Sample:  # noqa: ARG001 - it has none
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*|[0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F]*)(?::\d*)?", text)
    return match[1] if match else text


def _port_only(text: str, args: tuple[str, ...]) -> Sample:  # noqa: ARG001 - it has none
    match = re.search(r"[^:\]]*:(\d+)$|\]:(\d+)$", text)
    return int((match[1] or match[2] or "0")[:9]) if match else 0


def _integer(text: str) -> int:
    """The number that the text begins with, 0 where it begins with none."""
    found = re.match(r"[+-]?[0-9]{1,18}", text, re.ASCII)
    return int(found[0]) if found else 0


_CONVERTERS: Mapping[str, Converter] = {
    "lower": lambda text, args: text.lower(),  # noqa: ARG005 - it has none
    "upper": lambda text, args: text.upper(),  # noqa: ARG005 - it has none
    "field": _field,
    "word": _word,
    "regsub": _regsub,
    "url_dec": lambda text, args: unquote_plus(text),  # noqa: ARG005 - whether of a form or not
    "host_only": _host_only,
    "port_only": _port_only,
    "length": lambda text, args: len(text),  # noqa: ARG005 - it has none
    "not": lambda text, args: not _integer(text),  # noqa: ARG005 - it has none
    "bool": lambda text, args: bool(_integer(text)),  # noqa: ARG005 - it has none
    "iif": lambda text, args: args[0 if _integer(text) else 1] if len(args) == 2 else Unknown("what iif says"),
    "ltrim": lambda text, args: text.lstrip(args[0]) if args else text,
    "rtrim": lambda text, args: text.rstrip(args[0]) if args else text,
}
