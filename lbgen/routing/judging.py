"""Whether conditions hold for a request, with what cannot be judged left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.routing.conditions import BUILT_IN, comparison
from lbgen.routing.converters import converted
from lbgen.routing.expressions import expression
from lbgen.routing.fetches import FIRST_COUNTS, fetch
from lbgen.routing.matching import Patterns, pattern_holds
from lbgen.routing.values import Unknown, Verdict, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lbgen.routing.conditions import Comparison, Condition, Term
    from lbgen.routing.state import State
    from lbgen.routing.values import Sample


def judge(condition: Condition | None, state: State) -> Verdict:
    """Whether the condition holds; what has none always does."""
    if condition is None:
        return Verdict(truth=True, why="always")
    verdict = either(_case(case, state) for case in condition.cases)
    return verdict.negated() if condition.unless else verdict


def either(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether one of them holds; else why the first that cannot be judged cannot, else why none does."""
    open_, whys = None, []
    for verdict in verdicts:
        if verdict.truth:
            return verdict
        if verdict.truth is None:
            open_ = open_ or verdict
        elif verdict.why and verdict.why not in whys:
            whys.append(verdict.why)
    return open_ or Verdict(truth=False, why="; ".join(whys[:3]))


def _case(terms: Sequence[Term], state: State) -> Verdict:
    """Whether all terms hold; one that does not outweighs those that cannot be judged."""
    open_, whys = None, []
    for term in terms:
        verdict = _term(term, state)
        if verdict.truth is False:
            return verdict
        if verdict.truth is None:
            open_ = open_ or verdict
        elif verdict.why:
            whys.append(verdict.why)
    return open_ or Verdict(truth=True, why=", ".join(whys))


def _term(term: Term, state: State) -> Verdict:
    tests = term.tests or _named(term.name, state)
    if not tests:
        return Verdict(None, f"there is no ACL {term.name}")
    verdict = either(_test(test, state) for test in tests)
    return verdict.negated() if term.negated else verdict


def _named(name: str, state: State) -> Sequence[Comparison]:
    found = state.proxy.acls.get(name)
    if found is None and name in BUILT_IN:
        return (comparison(BUILT_IN[name]),)
    return found or ()


def _test(test: Comparison, state: State) -> Verdict:
    if test.problem:
        return Verdict(None, test.problem)
    samples = samples_of(test, state)
    verdict = either(pattern_holds(test.method, _patterns(test, state, samples), sample) for sample in samples)
    if verdict.truth is None:
        return verdict
    shown = _shown(samples)
    if test.method in _PLAIN:
        yes, no = _PLAIN[test.method]
        return Verdict(verdict.truth, f"{test.expression.text} {yes if verdict.truth else no}")
    if verdict.truth:
        return Verdict(truth=True, why=f"{test.expression.text} is {shown}")
    return Verdict(truth=False, why=f"{test.expression.text} is {shown}, not {_expected(test)}")


_PLAIN = {"bool": ("holds", "does not hold"), "found": ("is there", "is not there")}


def samples_of(test: Comparison, state: State) -> Sequence[Sample]:
    """Everything that the expression of the test finds; ACLs look at all of it."""
    found = fetch(test.expression.fetch, state)
    return [converted(test.expression, sample, state) for sample in found] or [None]


def _patterns(test: Comparison, state: State, samples: Sequence[Sample]) -> Patterns:
    texts, missing = list(test.patterns), ""
    if test.expression.fetch.name == "http_auth_group" and all(sample is None for sample in samples):
        return Patterns(test.patterns)
    for path in test.files:
        text = state.file(path)
        if text is None:
            missing = f"the patterns of {path} are not given"
        else:
            texts += [line.strip() for line in text.split("\n") if line.strip() and not line.startswith("#")]
    return Patterns(tuple(texts), test.ignore_case, missing)


def _shown(samples: Sequence[Sample]) -> str:
    texts = [
        f'"{text_of(sample)[:60]}"' for sample in samples if sample is not None and not isinstance(sample, Unknown)
    ]
    return ", ".join(texts[:3]) or "not there"


def _expected(test: Comparison) -> str:
    some = [f'"{text[:60]}"' for text in test.patterns[:2]] + ["one of a file"] * bool(test.files)
    more = " or more" if len(test.patterns) > 2 else ""
    words = {"beg": "beginning with ", "end": "ending with ", "sub": "with ", "reg": "matching ", "ip": "in "}
    return words.get(test.method, "") + (" or ".join(some) or "anything") + more


def sample_of(text: str, state: State) -> Sample:
    """What an expression is worth, as in `%[req.hdr(host),lower]`: of several samples one counts, mostly the last."""
    parsed = expression(text.strip())
    if parsed.problem:
        return Unknown(parsed.problem)
    found = fetch(parsed.fetch, state)
    which = 0 if parsed.fetch.name in FIRST_COUNTS else -1
    return converted(parsed, found[which], state) if found else None


def formatted(text: str, state: State) -> str | Unknown:
    """What HAProxy writes for a text with `%[..]` in it."""
    made, at = "", 0
    while (sign := text.find("%", at)) >= 0:
        made += text[at:sign]
        if text.startswith("%%", sign):
            made, at = f"{made}%", sign + 2
            continue
        end = _closing(text, sign)
        if end < 0:
            return Unknown(f'what "{text[sign : sign + 20]}" stands for')
        sample = sample_of(text[sign + 2 : end], state)
        if isinstance(sample, Unknown):
            return sample
        made, at = made + ("" if sample is None else text_of(sample)), end + 1
    return made + text[at:]


def _closing(text: str, sign: int) -> int:
    """Where the bracket of `%[` closes; -1 where there is none."""
    if not text.startswith("%[", sign):
        return -1
    depth = 0
    for at in range(sign + 1, len(text)):
        depth += {"[": 1, "]": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return -1
