r"""A directive was removed from HAProxy, or is about to be.

## What it does

Looks for words that HAProxy had once and that the target (`--target`) refuses: the `req*` and `rsp*` family, `block`,
`clitimeout` and its kin, `option forceclose`, `nbproc` and others. Words that the target still takes and that it
announces to drop are warnings.

## Why is this bad?

Marathon-LB and Edge-LB ran on HAProxy 2.0 or older, where these words work; overrides in labels are full of them. Since
HAProxy 2.1 one such line makes the whole configuration invalid, for every app.

## Use instead

| old | new |
|---|---|
| `rspadd`, `reqadd` | `http-response add-header`, `http-request add-header` |
| `rspdel`, `reqdel` and `i` forms | `http-response del-header`, `http-request del-header` |
| `reqrep`, `reqirep` of the request line | `http-request replace-path` |
| `reqrep`, `rsprep` of a header | `http-request replace-header`, `http-response replace-header` |
| `reqdeny`, `block`, `rspdeny` | `http-request deny`, `http-response deny` |
| `clitimeout`, `contimeout`, `srvtimeout` | `timeout client`, `timeout connect`, `timeout server` |

`(?i)` in front of a regular expression does what the `i` of `reqirep` did. A `%` is written `%%` in the new words. What
can be said in the new words with the same effect, lbgen rewrites with `--fix`.

```
rspadd X-Frame-Options:\ DENY
http-response add-header X-Frame-Options DENY
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Fix, Severity
from lbgen.haproxy.keywords import Standing
from lbgen.haproxy.modern import Context, modern
from lbgen.haproxy.removed import DEPRECATED, REMOVED
from lbgen.haproxy.words import read_line
from lbgen.lint.directives import Blamed, found, judged
from lbgen.lint.rule import Problem
from lbgen.marathon.labels import split_name
from lbgen.marathon.templates import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Section
    from lbgen.lint.directives import Judged, Written
    from lbgen.lint.subjects import Configuration

_TOLD = frozenset({Standing.REMOVED, Standing.DEPRECATED})


def check(configuration: Configuration) -> Iterator[Problem]:
    """Every directive, and option of a line, that was removed or is deprecated."""
    blamed = Blamed(configuration)
    phases: dict[int, _Phases] = {}
    for each in judged(configuration):
        if each.standing in _TOLD and (where := blamed.of(each.directive, each.words)):
            if each.section.line not in phases:
                phases[each.section.line] = _phases(each.section)
            yield Problem(
                _message(each),
                where.at(each.words),
                _help(each, where),
                config=configuration.line(each.directive),
                fix=_fix(each, where, phases[each.section.line]),
                severity=Severity.WARNING if each.standing is Standing.DEPRECATED else None,
            )


# The first and the last line of a section's rules, by keyword.
_Phases = dict[str, tuple[int, int]]


def _phases(section: Section) -> _Phases:
    found: _Phases = {}
    for directive in section.directives:
        if directive.keyword.startswith(("http-re", "req", "rsp")):
            first, _ = found.get(directive.keyword, (directive.line, 0))
            found[directive.keyword] = first, directive.line
    return found


def _message(each: Judged) -> str:
    if each.standing is Standing.DEPRECATED:
        return f"'{each.phrase.text}' is deprecated"
    major, minor = REMOVED[each.phrase.text].since
    return f"'{each.phrase.text}' was removed in HAProxy {major}.{minor}"


def _help(each: Judged, where: Written) -> str:
    removed = REMOVED.get(each.phrase.text)
    instead = f"use {removed.instead if removed else DEPRECATED.get(each.phrase.text, 'what its manual says')}"
    if where.text is None:
        return f"{instead}, as the portable dialect does"
    return instead


def _fix(each: Judged, where: Written, phases: _Phases) -> Fix | None:
    """The line in today's words, as an edit of the text that somebody wrote."""
    if where.text is None or each.place in {"bind", "server"}:
        return None
    # The label's own text, which may hold placeholders, and not what these became.
    words = read_line(where.text).words
    if not words or words[0].text != each.directive.keyword:
        return None
    made = modern(words, _context(each, where, phases))
    if made is None:
        return None
    edit = where.replaced(*found(where.text, words), made.text)
    return Fix(made.message, (edit,), made.safe) if edit else None


def _context(each: Judged, where: Written, phases: _Phases) -> Context:
    label = where.because.label if where.because is not None else None
    name = split_name(label) if label else None
    template = TEMPLATES.get(name[1]) if name else None
    line = each.directive.line
    before = frozenset(keyword for keyword, (first, _) in phases.items() if first < line)
    behind = frozenset(keyword for keyword, (_, last) in phases.items() if last > line)
    return Context(each.section.kind, before, behind, bool(template and template.substituted))
