"""A path ends within a word, and takes a longer path of somebody else.

## What it does

Looks for a path such as `/app` that comes before another app's, or another rule's, `/application` on the same host.

## Why is this bad?

`PATH`, and `pathBeg` of a pool, mean everything that begins with these characters, not a directory. The requests for
`/application` go to whoever has `/app`.

## Use instead

A slash at the end, which leaves `/app` itself to others, or a higher weight for the longer path:

```json
"HAPROXY_0_PATH": "/app/"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.lint.rules.routing.ways import inside_a_word, once, shown, ways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.rules.routing.ways import Ways
    from lbgen.lint.subjects import Fleet


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every path that takes a longer word, at the shorter one."""
    yield from once(problem for each in ways(fleet) for problem in _of(each))


def _of(found: Ways) -> Iterator[Problem]:
    for shadow in found.routes():
        if inside_a_word(shadow) and shadow.winner.path is not None:
            text = shadow.winner.path.text
            other = found.at(shadow.loser, path=True)
            yield Problem(
                f'"{text:.80}" also takes {shown(shadow.loser)} of {found.who(shadow.loser.rule, shadow.winner.rule)}',
                found.at(shadow.winner, path=True),
                f'"{text:.80}/" takes what is below it only; or put the longer path in front',
                (other,) if other is not None else (),
                found.configuration.line(shadow.winner.rule.directive),
            )
