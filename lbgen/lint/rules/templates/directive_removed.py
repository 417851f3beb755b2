r"""A directive was removed from HAProxy, or is about to be.

## What it does

Looks for words that HAProxy had once and that the target (`--target`) refuses: the `req*` and `rsp*` family, `block`,
`clitimeout` and its kin, `option forceclose`, `nbproc` and others. Words that the target still takes and that it
announces to drop are warnings. What the marathon-lb dialect writes by itself, as for `USE_HSTS`, is told once for each
configuration: no label can change it.

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
| headers behind the version in `option httpchk` | `http-check send` |

`(?i)` in front of a regular expression does what the `i` of `reqirep` did. A `%` is written `%%` in the new words. What
can be said in the new words with the same effect, lbgen rewrites with `--fix`.

```
rspadd X-Frame-Options:\ DENY
http-response add-header X-Frame-Options DENY
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.haproxy.keywords import Standing
from lbgen.haproxy.removed import DEPRECATED, REMOVED
from lbgen.lint.directives import Blamed, judged
from lbgen.lint.modernizing import Modernizing
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.directives import Judged, Written
    from lbgen.lint.subjects import Configuration

_TOLD = frozenset({Standing.REMOVED, Standing.DEPRECATED})


def check(configuration: Configuration) -> Iterator[Problem]:
    """Every directive, and option of a line, that was removed or is deprecated; what nobody wrote is told once."""
    blamed = Blamed(configuration)
    modernizing = Modernizing()
    products_own: list[Judged] = []
    for each in judged(configuration):
        if each.standing in _TOLD and (where := blamed.of(each.directive, each.words)):
            if _is_the_products(each, where):
                products_own += [each] if each.standing is Standing.REMOVED else []
                continue
            yield Problem(
                _message(each),
                where.at(each.words),
                _help(each),
                config=configuration.line(each.directive),
                fix=modernizing.fix(each, where),
                severity=Severity.WARNING if each.standing is Standing.DEPRECATED else None,
            )
    if products_own:
        yield _of_the_dialect(products_own, configuration)


def _is_the_products(each: Judged, where: Written) -> bool:
    """Whether the product writes these words by itself where a label only says that it should."""
    value = where.because.value if where.because is not None else ""
    return where.text is None and each.words[0].raw not in value


def _message(each: Judged) -> str:
    if each.standing is Standing.DEPRECATED:
        return f"'{each.phrase.text}' is deprecated"
    major, minor = REMOVED[each.phrase.text].since
    return f"'{each.phrase.text}' was removed in HAProxy {major}.{minor}"


def _help(each: Judged) -> str:
    removed = REMOVED.get(each.phrase.text)
    return f"use {removed.instead if removed else DEPRECATED.get(each.phrase.text, 'what its manual says')}"


def _of_the_dialect(found: Sequence[Judged], configuration: Configuration) -> Problem:
    """What the product writes by itself for a label, which can do nothing about it."""
    *others, last = sorted({f"'{each.phrase.text}'" for each in found})
    words = f"{', '.join(others)} and {last}" if others else last
    message = f"the dialect itself writes {words}, which HAProxy {configuration.context.target} refuses"
    help_ = "the portable dialect says the same in today's words"
    return Problem(message, help=help_, config=configuration.line(found[0].directive), severity=Severity.WARNING)
