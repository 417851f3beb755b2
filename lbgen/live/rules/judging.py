"""One line of which HAProxy would read no further: how sure it is, and what HAProxy can be asked of it meanwhile.

HAProxy gives up at `http-request`, `http-response`, `http-after-response` and `stats http-request` lines that it
refuses, and from 2.4 on at lines that it cannot cut into words, at `.if` and its like, and at `no` and `default` where
they do not belong. All else it refuses, and reads on.

Conditions are read alike wherever they stand: `tcp-request content accept if ...` asks about them, and about samples
and expressions as conditions, and HAProxy reads on behind it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from lbgen.haproxy.keywords import CONDITIONALS, Standing, tables
from lbgen.haproxy.words import quote_word, read_line
from lbgen.live.rules.actions import Kind, fits, form_of
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.haproxy.keywords import Version
    from lbgen.haproxy.words import Word
    from lbgen.live.rules.actions import Form

_RULESETS = frozenset({"http-request", "http-response", "http-after-response"})
_PROXIES = frozenset({"frontend", "backend", "listen"})
_NEGATED = frozenset({"option", "log"})
_ITEM = regex(r"%(?:%|\[(?P<sample>[^\[\]]*)\]|(?P<alias>[A-Za-z]+)(?![A-Za-z{]))")
# Those that every version knows, and that say something of a request as well as of a log line.
_ALIASES = frozenset({"ci", "cp", "fi", "fp", "f", "ft", "b", "T", "t", "ts", "ms", "ID", "pid", "rt"})
# As conditions HAProxy takes them everywhere; elsewhere some of them say nothing of a request, the others of an answer.
_OF_ANSWERS = regex(r"(?:s?res\.|s?hdr_res|shdr|scook|status|rep_|capture\.res|bc_|be_|srv_|cur_|wait).*")
_ANYWHERE = regex(
    r"(?:res\.|shdr|status|capture\.|var\(|txn\.|sess\.|str\(|int\(|bool\(|env\(|src|dst|ssl_fc|ssl_c|fe_|fc_|sc\d|date|rand"
    r"|unique-id|uuid|always_).*"
)
_MOST_WORDS = 60
"""HAProxy takes 64 words in a line."""


class Doubt(IntEnum):
    """How sure it is that HAProxy takes a line: nearly, not, or hardly."""

    LITTLE = 0
    SOME = 1
    GREAT = 2


class Judged(NamedTuple):
    """A line at which HAProxy may give up; `words` are its words without the condition.

    `alike` is the same for lines that are refused for the same reason, if it is for more than the condition. `asked` is
    what can stand in the line's place without HAProxy giving up at it: it is refused only where the line is, and empty
    where nothing can be asked.
    """

    doubt: Doubt
    words: str
    alike: tuple[str, ...]
    asked: str = ""

    def is_known_to(self, message: str) -> bool:
        """Whether HAProxy names the action among those that it knows."""
        words = self.words.split()
        return self.alike[1:] == ("",) and len(words) > 1 and f"'{words[1].partition('(')[0]}" in message


def judge(line: str, section: str, version: Version | None) -> Judged | None:
    """What becomes of the line in this kind of section, None where HAProxy reads on whatever becomes of it."""
    lexed = read_line(line)
    if lexed.error is not None:
        return Judged(Doubt.GREAT, line.strip(), ("", lexed.error.reason))
    texts = [word.text for word in lexed.words] if section in _PROXIES else []
    first, second = (*texts, "", "")[:2]
    if first in CONDITIONALS:
        return Judged(Doubt.GREAT, line.strip(), ("", first))
    if first in _RULESETS and second:
        return _judge_rule(first, lexed.words[1:], section, version)
    negated = first in {"no", "default"} and second not in _NEGATED
    if negated or first in _RULESETS or (first, second) == ("stats", "http-request"):
        return Judged(Doubt.SOME, " ".join(texts), tuple(texts))
    return None


def _judge_rule(ruleset: str, words: Sequence[Word], section: str, version: Version | None) -> Judged:
    action, rest = words[0].text, words[1:]
    form = form_of(action)
    fitting = _length(form, rest) if form is not None else None
    length = _condition(rest) if fitting is None else fitting
    arguments = tuple(word.text for word in rest[:length])
    written = (ruleset, action, *arguments)
    if not _is_known(ruleset, action, section, version):
        return Judged(Doubt.GREAT, " ".join(written), (ruleset, ""), _asked(rest[length:], ()))
    if form is not None and fitting is None:
        hopeless = form.exact or length < len(form.first)
        doubt, alike = (Doubt.GREAT, (ruleset, action, str(length))) if hopeless else (Doubt.SOME, written)
        return Judged(doubt, " ".join(written), alike, _asked(rest[length:], ()))
    samples = list(_samples(form, rest[:length], of_request=ruleset == "http-request")) if form is not None else [None]
    known = [sample for sample in samples if sample is not None]
    asked = _asked(rest[length:], known)
    all_asked = len(known) == len(samples) and len(read_line(asked).words) < _MOST_WORDS
    return Judged(Doubt.LITTLE if all_asked else Doubt.SOME, " ".join(written), written, asked)


def _is_known(ruleset: str, action: str, section: str, version: Version | None) -> bool:
    """Whether the version has the action, as far as can be told: what Lua adds to it nobody knows."""
    if version is None or action.startswith("lua."):
        return True
    known = tables()
    phrase = known.phrase(section, read_line(f"{ruleset} {quote_word(action)}").words).text
    return known.standing(section, phrase, version) is not Standing.UNKNOWN


def _condition(words: Sequence[Word]) -> int:
    """Where the condition of a rule begins, as far as that can be told without knowing the action."""
    return next((at for at, word in enumerate(words) if word.text in {"if", "unless"}), len(words))


def _length(form: Form, words: Sequence[Word]) -> int | None:
    """How many of the words are the action's, as its form has it; None where they do not fit it."""
    if len(words) < len(form.first) or not all(map(fits, form.first, (word.text for word in words))):
        return None
    at, seen = len(form.first), set[str]()
    while at < len(words) and words[at].text in form.more:
        kind = form.more[words[at].text]
        seen.add(words[at].text)
        at += 1 if kind is None else 2
        if kind is not None and (at > len(words) or not fits(kind, words[at - 1].text)):
            return None
    ends = at == len(words) or (words[at].text in {"if", "unless"} and at + 1 < len(words))
    return at if ends and not (form.one_of and not seen & form.one_of) else None


def _samples(form: Form, words: Sequence[Word], *, of_request: bool) -> Iterator[str | None]:
    """What can be asked about as a condition, for all samples and expressions; None for what cannot."""
    kinds = list(form.first)
    while len(kinds) < len(words):
        kind = form.more[words[len(kinds)].text]
        kinds += [Kind.WORD] if kind is None else [Kind.WORD, kind]
    for kind, word in zip(kinds, words, strict=False):
        if word.variables:
            yield None
        elif kind is Kind.SAMPLE:
            yield _about(word.text, of_request=of_request)
        elif kind is Kind.REGEX:
            yield f"{{ path_reg -- {quote_word(word.text)} }}"
        elif kind is Kind.FORMAT:
            yield from _in_format(word.text, of_request=of_request)


def _in_format(text: str, *, of_request: bool) -> Iterator[str | None]:
    at = 0
    while (start := text.find("%", at)) >= 0:
        item = _ITEM.match(text, start)
        if item is not None and item["sample"] is not None:
            yield _about(item["sample"], of_request=of_request)
        elif item is None or (item["alias"] is not None and item["alias"] not in _ALIASES):
            yield None
        at = item.end() if item is not None else start + 1


def _about(sample: str, *, of_request: bool) -> str | None:
    """A condition that is refused only where the sample is; None where HAProxy may refuse the sample alone."""
    anywhere = _OF_ANSWERS.fullmatch(sample) is None if of_request else _ANYWHERE.fullmatch(sample) is not None
    return f"{{ {quote_word(sample)} -m found }}" if anywhere and fits(Kind.SAMPLE, sample) else None


def _asked(words: Sequence[Word], samples: Sequence[str]) -> str:
    """A line that HAProxy refuses only for these samples, or for the condition among the words."""
    at = _condition(words)
    condition = " ".join(word.raw for word in words[at + 1 :])
    terms = [" ".join(samples), condition] if condition else [" ".join(samples)]
    asked = " || ".join(term for term in terms if term)
    return f"  tcp-request content accept if {asked}" if asked else ""
