"""What the value of an `edgelb.*` label may be: from text to typed values, refusing what could leave its place.

Every function takes the reading and the value, and raises BadValue in words for the user.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.edgelb.label_grammar import BadValue, suggestion
from lbgen.haproxy.words import lex, plain_value_problem
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.edgelb.label_grammar import Piece, Reading

AUTO_CERTIFICATE = "$AUTOCERT"
PROTOCOLS = ("HTTP", "HTTPS", "TCP", "TLS")
CONDITIONS = ("hostEq", "hostReg", "pathBeg", "pathReg", "pathEnd")
EXCEPTIONS = ("host", "pathBeg")
ENDPOINT_TYPES = ("AUTO_IP", "AGENT_IP", "CONTAINER_IP", "ADDRESS")

_PORT = regex(r"[0-9]{1,5}")
_SECRET = regex(r"[A-Za-z0-9._/-]+")
_ADDRESS = regex(r"[A-Za-z0-9._:-]+")
_FLAGS = {"true": True, "false": False}


class Part(NamedTuple):
    """A typed part of a label's value, and the piece of the label that it was read from."""

    value: Any
    piece: Piece


def port(reading: Reading, value: Piece) -> Part:  # noqa: ARG001 - all rows of the table are called alike
    """A port; 0 is chosen at run time."""
    return Part(_number(value), value)


def _number(value: Piece) -> int:
    if not _PORT.fullmatch(value.text) or int(value.text) > 65535:
        raise BadValue(f'should be a port, 0 to 65535, is "{value.text:.60}"', value)
    return int(value.text)


def protocol(reading: Reading, value: Piece) -> Part:  # noqa: ARG001
    """A protocol, in capitals."""
    return Part(_choice(value, PROTOCOLS, "a protocol"), value)


def _choice(value: Piece, known: tuple[str, ...], what: str) -> str:
    if value.text not in known:
        help_ = suggestion(value.text, {name: name for name in known})
        raise BadValue(f'should be {what}, is "{value.text:.60}"', value, help_)
    return value.text


def certificates(reading: Reading, value: Piece) -> list[Part]:
    """Names of secrets, and `$AUTOCERT`."""
    found = [Part(item.text, item) for item in reading.listed(value)]
    if not found:
        raise BadValue("names no certificate", None, f"name secrets, or {AUTO_CERTIFICATE}")
    for name, piece in found:
        if name != AUTO_CERTIFICATE and (problem := _secret_problem(name)):
            raise BadValue(f'names "{name:.60}", {problem[0]}', piece, problem[1])
    return found


def _secret_problem(name: str) -> tuple[str, str] | None:
    if name.startswith("$SECRETS/"):
        return "which is not how a secret is named here", f"write {name.removeprefix('$SECRETS/')}"
    if name.startswith("$"):
        return "which is no secret", f"name secrets, or {AUTO_CERTIFICATE}"
    if not _SECRET.fullmatch(name) or not re.search(r"[A-Za-z0-9]", name):
        return "which no secret can be called", "names are made of letters, digits and . _ - /"
    return None


def rules(reading: Reading, value: Piece) -> list[dict[str, Part]]:
    """Sets of conditions."""
    found = [_conditions(reading.dictionary(item, CONDITIONS)) for item in reading.listed(value)]
    if not found:
        raise BadValue("has no rule", None, "leave the label out, and all requests are taken")
    return found


def redirect(reading: Reading, value: Piece) -> list[dict[str, Part]]:
    """What is not redirected."""
    return [_conditions(reading.dictionary(item, EXCEPTIONS)) for item in reading.listed(value)]


def _conditions(found: dict[str, Piece]) -> dict[str, Part]:
    return {key: Part(_one_word(piece, key), piece) for key, piece in found.items()}


def _one_word(piece: Piece, key: str) -> str:
    """The text, if HAProxy takes it for one word that is no option and no brace."""
    words = lex(piece.text) if _one_line(piece) else []
    if len(words) != 1:
        raise BadValue(f'has a blank in "{key}", where one word should be', piece)
    if piece.text.startswith("-") or piece.text in {"{", "}"}:
        raise BadValue(f'has "{piece.text:.60}" for "{key}", which HAProxy would not take for a value', piece)
    return piece.text


def _one_line(piece: Piece) -> str:
    if problem := plain_value_problem(piece.text, quoted=False):
        raise BadValue(f"holds {problem}", piece)
    return piece.text


def words(reading: Reading, value: Piece) -> Part:  # noqa: ARG001
    """One or several words on one line."""
    if not value.text.strip():
        raise BadValue("is empty", None, "leave the label out")
    return Part(_one_line(value), value)


def port_name(reading: Reading, value: Piece) -> Part:  # noqa: ARG001
    """The name of a port of the task."""
    if not value.text.strip():
        raise BadValue("names no port", None, "leave the label out, and the first port is taken")
    return Part(_plain(value), value)


def _plain(value: Piece) -> str:
    if found := re.search(r"[\x00-\x1f\x7f]", value.text):
        raise BadValue(f"holds the control character U+{ord(found[0]):04X}", value)
    return value.text


def path(reading: Reading, value: Piece) -> tuple[Part, Part]:
    """Which path becomes which; the second one may be empty."""
    old, new = reading.pair(value)
    made = Part(_one_word(old, "from"), old), Part(_one_word(new, "to") if new.text else "", new)
    for part in made:
        if part.value and not part.value.startswith("/"):
            raise BadValue(f'has the path "{part.value:.60}", which does not begin with a slash', part.piece)
    return made


def sticky(reading: Reading, value: Piece) -> Part:  # noqa: ARG001
    """The line that makes clients stay, empty for the usual cookie."""
    stripped = value.stripped()
    return Part(_one_line(stripped), stripped)


def endpoint(reading: Reading, value: Piece) -> dict[str, Part]:
    """Where tasks are reached."""
    found = reading.dictionary(value, _ENDPOINT)
    made = {key: Part(_ENDPOINT[key](piece), piece) for key, piece in found.items()}
    kind = made["type"].value if "type" in made else ENDPOINT_TYPES[0]
    if kind == "ADDRESS":
        missing = [key for key in ("address", "port") if key not in made]
        if missing:
            raise BadValue(f"has the type ADDRESS and no {' and no '.join(missing)}", None)
    elif "address" in made:
        raise BadValue(f"has an address, which is for the type ADDRESS alone; the type is {kind}", found["address"])
    elif not made.keys() & {"port", "portName", "allPorts"}:
        raise BadValue("names no port", None, "say portName, port or allPorts; this label replaces the port's name too")
    return made


def _flag(value: Piece) -> bool:
    if value.text not in _FLAGS:
        raise BadValue(f'should be true or false, is "{value.text:.60}"', value)
    return _FLAGS[value.text]


def _address(value: Piece) -> str:
    if not _ADDRESS.fullmatch(value.text):
        raise BadValue(f'should be a host name or an address, is "{value.text:.60}"', value)
    return value.text


_ENDPOINT: Mapping[str, Callable[[Piece], Any]] = {
    "type": lambda value: _choice(value, ENDPOINT_TYPES, "a type of endpoint"),
    "address": _address,
    "port": _number,
    "portName": _plain,
    "allPorts": _flag,
    "miscStr": _one_line,
}
