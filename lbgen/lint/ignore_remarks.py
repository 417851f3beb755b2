"""What is to be said about what is ignored: unknown rules, no reason, nothing to ignore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Finding, Fix, Severity
from lbgen.lint.selection import matching, suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from lbgen.lint.ignores import Ignore, Ignored


def remarks(ignores: Sequence[Ignore], used: Collection[Ignored], ran: frozenset[str]) -> Iterator[Finding]:
    """What is wrong with what is ignored; `used` are the rules of which there was something to ignore.

    `ran` are the names of the rules that had their say: of others nobody knows whether there is something to ignore.
    """
    unknown = {rule for ignore in ignores for rule in ignore.rules if not matching(rule.word)}
    spare = {
        rule
        for ignore in ignores
        for rule in ignore.rules
        if rule not in used and rule not in unknown and matching(rule.word) & ran
    }
    useless = _useless_labels(ignores, spare)
    for ignore in ignores:
        if not ignore.reason:
            yield _without_reason(ignore)
        for rule in ignore.rules:
            if rule in unknown:
                yield _unknown(rule)
            elif rule in spare:
                yield _spare(rule, useless.get((rule.origin.document, rule.origin.pointer)))


def _useless_labels(ignores: Iterable[Ignore], spare: Collection[Ignored]) -> dict[tuple[str, str], Fix]:
    """A fix for each label, or key of a pool, that ignores nothing at all, by document and pointer."""
    rules: dict[tuple[str, str], list[Ignored]] = {}
    for ignore in ignores:
        if ignore.is_value:
            rules.setdefault((ignore.origin.document, ignore.origin.pointer), []).extend(ignore.rules)
    return {
        (document, pointer): Fix("take it away", (Edit(document, None, pointer),), safe=True)
        for (document, pointer), all_ in rules.items()
        if all(rule in spare for rule in all_)
    }


def _without_reason(ignore: Ignore) -> Finding:
    words = ", ".join(rule.word for rule in ignore.rules)
    text = f"ignores {words:.80} without a reason" if words else "ignores without a reason"
    help_ = 'say why behind the rule, as in "vhost-wildcard: the router in front expands it"'
    origin = ignore.rules[0].origin if ignore.rules else ignore.origin
    return Finding("ignore-without-reason", Severity.WARNING, text, origin, help=help_)


def _unknown(rule: Ignored) -> Finding:
    if not rule.word:
        help_ = "name the rule in brackets, as in # lbgen: ignore[vhost-wildcard] why"
        return Finding("ignore-unknown-rule", Severity.WARNING, "ignores no rule", rule.origin, help=help_)
    text = f'there is no rule "{rule.word:.80}" to ignore'
    return Finding("ignore-unknown-rule", Severity.WARNING, text, rule.origin, help=suggestion(rule.word))


def _spare(rule: Ignored, fix: Fix | None) -> Finding:
    text = f"there is nothing here for {rule.word} to say, and nothing to ignore"
    return Finding("unused-ignore", Severity.WARNING, text, rule.origin, help="take it away", fix=fix)
