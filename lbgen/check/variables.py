"""Environment variables that a configuration refers to, and values for those that are not set here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.haproxy.words import Variable
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.haproxy.parse import Config, Directive
    from lbgen.haproxy.words import Word

_SETTERS = frozenset({"setenv", "presetenv"})
# Set by HAProxy itself, at start or by conditions.
_OWN = regex(r"\.|HAPROXY_(?:BRANCH|CFGFILES|CLI|LOCALPEER|MASTER_CLI|MWORKER|\w+_LOG_FMT)$")
_BARE = regex(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
_FIRST_PORT = 20000
_ADDRESS_NAME = regex(r"HOST|ADDR|(?:\b|_)IP(?:\b|_|\d)")
_ADDRESS_KEYWORDS = frozenset({"bind", "server", "nameserver", "peer", "mailer", "log"})


def unset_variables(config: Config, environment: Mapping[str, str]) -> dict[str, str]:
    """A value that fits, by name, for every variable that neither `environment` nor the text itself sets."""
    given = {value for d in config.directives() if d.keyword in _SETTERS for value in d.values[:1]}
    values: dict[str, str] = {}
    for directive, word, variable in _references(config):
        known = variable.name in environment or variable.name in given or variable.name in values
        if not known and variable.default is None and not _OWN.match(variable.name):
            values[variable.name] = _fitting(directive, word, variable, len(values))
    return values


def variable_names(config: Config) -> set[str]:
    """The names of all variables that the configuration refers to."""
    return {variable.name for _, _, variable in _references(config)}


def expanded(word: Word, line: str, environment: Mapping[str, str]) -> str:
    """The word as HAProxy will read it: with its variables replaced."""
    text = word.text
    for variable in word.variables:
        value = environment.get(variable.name, variable.default or "")
        text = text.replace(line[variable.start : variable.end], value, 1)
    return text


def _references(config: Config) -> Iterator[tuple[Directive, Word, Variable]]:
    for directive in config.directives():
        if "$" in directive.raw:
            yield from ((directive, word, variable) for word in directive.args for variable in word.variables)
            yield from ((directive, word, variable) for word, variable in _in_address(directive))


def _in_address(directive: Directive) -> Iterator[tuple[Word, Variable]]:
    """Variables in the address of a bind, outside of quotes: HAProxy replaces them there, too."""
    word = next(iter(directive.args), None)
    if directive.keyword != "bind" or word is None or word.variables or "'" in word.raw:
        return
    for match in _BARE.finditer(word.raw):
        yield word, Variable(match[1] or match[2], None, False, word.start + match.start(), word.start + match.end())


def _fitting(directive: Directive, word: Word, variable: Variable, taken: int) -> str:
    """A port where a port is expected, an address or a path likewise, or else 1, which goes with most of the rest."""
    line = directive.raw
    before, after = line[: variable.start], line[variable.end :]
    port = str(_FIRST_PORT + taken)
    if before.endswith(":") or (variable.start == word.start + 1 and "PORT" in variable.name):
        return port
    if after.startswith("/"):
        return f"/variables/{variable.name}"
    if after.startswith(":") or _ADDRESS_NAME.search(variable.name):
        return "127.0.0.1"
    whole = variable.end - variable.start >= word.end - word.start - 2
    if whole and directive.keyword in _ADDRESS_KEYWORDS and word in directive.args[:2]:
        return f"127.0.0.1:{port}"
    return port if "PORT" in variable.name else "1"
