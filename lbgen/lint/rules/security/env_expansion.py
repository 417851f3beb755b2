r"""A label asks for a variable of the load balancer's environment.

## What it does

Looks for what HAProxy replaces by an environment variable: `$NAME` and `${NAME}` within double quotes, where the realm
of `AUTH` and the paths of `PROXYPASS` and `REVPROXY` always stand, and `env(NAME)` in expressions.

## Why is this bad?

The environment of the load balancer holds its certificate and key, if it got them that way. A realm `"${NAME}"` tells
its value to every client. lbgen leaves the app out; in templates an operator may allow it, with `--unsafe-templates`,
and is warned.

## Use instead

`\$` for a dollar sign within double quotes, which is `\\$` in JSON; single quotes; or a value that is no secret,
written out.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.haproxy.words import read_line
from lbgen.lint.rule import Problem
from lbgen.lint.template_lines import said_lines
from lbgen.marathon.labels import BY_NAME
from lbgen.marathon.limits import MOST_LINES_TOLD
from lbgen.regex import regex
from lbgen.render.override import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Label
    from lbgen.lint.template_lines import Said

_VARIABLE = regex(r"(?<!\\)(?:\\\\)*(?P<whole>\$\{?(?P<name>\.?[A-Za-z_][A-Za-z0-9_]*)[^}\s\"]*\}?)")
_QUOTED = frozenset({"HTTP_BACKEND_PROXYPASS_PATH", "HTTP_BACKEND_REVPROXY_PATH"})
_HELP = r"\$ is a dollar sign that HAProxy leaves alone"


def check(app: App) -> Iterator[Problem]:
    """The first variable of every line that asks for one, the first lines of many."""
    return islice(_found(app), MOST_LINES_TOLD)


def _found(app: App) -> Iterator[Problem]:
    for label in app.labels:
        if label.name in BY_NAME:
            yield from _in_value(label)
    for line in said_lines(app):
        yield from _in_template(line)


def _in_value(label: Label) -> Iterator[Problem]:
    if "$" in label.text:
        spans = _in_quotes(label.text) if label.name in _QUOTED else _in_words(label.text)
        for start, end in _in_quotes(label.text.partition(":")[0]) if label.name == "AUTH" else spans:
            yield _problem(label, start, end)
    if label.name == "HTTP_BACKEND_REDIR" and (found := ENVIRONMENT.search(label.text)):
        yield _asked(label, found.start())


def _in_quotes(text: str) -> Iterator[tuple[int, int]]:
    for match in _VARIABLE.finditer(text):
        yield match.span("whole")


def _in_words(text: str) -> Iterator[tuple[int, int]]:
    for word in read_line(text).words:
        for variable in word.variables:
            yield variable.start, variable.end


def _in_template(line: Said) -> Iterator[Problem]:
    label = line.override.label
    variable = next((variable for word in line.words for variable in word.variables), None)
    if variable is not None:
        found = re.search(rf"\$\{{*{re.escape(variable.name)}(?:[^}}]*\}}+)?", line.raw)
        if found:
            braced = found[0].startswith("${")
            end = found.end() if braced else found.start() + 1 + len(variable.name)
            yield _problem(label, line.start + found.start(), line.start + end, line.severity)
    if found := ENVIRONMENT.search(line.raw):
        yield _asked(label, line.start + found.start(), line.severity)


def _problem(label: Label, start: int, end: int, severity: Severity = Severity.ERROR) -> Problem:
    name = label.text[start:end].strip("${}")
    edit = Edit(label.origin.document, "\\", label.origin.pointer, start, start)
    return Problem(
        f"would publish the environment variable {name:.60} of the load balancer",
        label.origin.narrowed(start, end),
        _HELP,
        fix=Fix(r"write \$", (edit,), safe=False),
        severity=severity,
    )


def _asked(label: Label, start: int, severity: Severity = Severity.ERROR) -> Problem:
    end = label.text.find(")", start) + 1 or len(label.text)
    message = f"'{label.text[start:end]:.60}' would publish the load balancer's environment"
    help_ = "write the value out, if it is no secret"
    return Problem(message, label.origin.narrowed(start, end), help_, severity=severity)
