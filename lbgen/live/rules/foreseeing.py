"""The lines of a configuration at which HAProxy may give up for the sake of single apps."""

from __future__ import annotations

import hashlib
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.live.rules.judging import Doubt, judge
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from lbgen.check import LocatedMessage
    from lbgen.haproxy.keywords import Version
    from lbgen.live.asking import Answer
    from lbgen.live.rules.judging import Judged
    from lbgen.model.service import Service
    from lbgen.render.writer import Rendered

_MAY = r"[ \t]*(?:http-(?:request|response|after-response)|stats|no|default|\.[a-z]+)(?:[ \t].*)?$|.*[\"'\\].*$"
_MAY_BE = regex(f"^(?:{_MAY})", re.MULTILINE)
_LINE = regex(rf"^(?:(?P<kind>frontend|backend|listen|userlist|global|defaults)\b.*|{_MAY})", re.MULTILINE)


_VERSION = regex(r"version (\d+)\.(\d+)")


def version_in(said: str) -> Version | None:
    """The version that HAProxy says that it is; None where it does not."""
    found = _VERSION.search(said)
    return (int(found[1]), int(found[2])) if found else None


_INSTEAD = regex(r"^'tcp-request content accept' : error detected .*? while parsing 'if' condition : ")


class Line(NamedTuple):
    """A line at which HAProxy may give up, and the document of the app that wrote it."""

    document: str
    judged: Judged


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Such lines of a text by number (from 1)."""

    lines: Mapping[int, Line] = field(default_factory=dict)

    def doubts(self) -> dict[str, Doubt]:
        """How sure the apps are that have such lines, by their documents."""
        found: dict[str, Doubt] = {}
        for document, judged in self.lines.values():
            found[document] = max(judged.doubt, found.get(document, Doubt.LITTLE))
        return found

    def unread(self, answer: Answer) -> set[str]:
        """The documents of the apps that have lines behind the one that HAProxy gave up at; all where nobody knows it.

        It reads lines in which there is more doubt last.
        """
        doubts = self.doubts()
        places = {number: (doubts[line.document], number) for number, line in self.lines.items()}
        refused = [places[said.line] for said in answer.verdict.messages if said.line in places]
        last = max(refused, default=(Doubt.LITTLE, 0))
        return {self.lines[number].document for number, place in places.items() if place > last}

    def digests(self) -> list[str]:
        """What these lines are remembered by: what they say without their conditions, which may be long or a secret."""
        return [_digest(judged) for _, judged in self.lines.values()]

    def softened(self, rendered: Rendered) -> Rendered:
        """A text at which HAProxy does not give up, with the same lines but for these.

        It is refused where they are refused for what can be asked without them, and tells of all else.
        """
        lines = rendered.text.split("\n")
        for number, (_, judged) in self.lines.items():
            lines[number - 1] = judged.asked
        return replace(rendered, text="\n".join(lines))

    def told(self, answer: Answer) -> Answer:
        """The answer about the softened text, in the words that HAProxy has for the lines themselves."""
        messages = tuple(self._told(said) for said in answer.verdict.messages)
        return replace(answer, verdict=replace(answer.verdict, messages=messages))

    def _told(self, said: LocatedMessage) -> LocatedMessage:
        line = self.lines.get(said.line or 0)
        if line is None:
            return said
        text = _INSTEAD.sub(f"error detected in '{line.judged.words[:60]}' : ", said.message.text)
        return replace(said, message=replace(said.message, text=text))


def suspects(services: Iterable[Service], documents: Collection[str]) -> set[str]:
    """Those of the documents whose apps have text of their own that HAProxy may give up at."""
    return {
        service.app.document
        for service in services
        if service.app.document in documents and any(map(_MAY_BE.search, service.overrides.values()))
    }


def foresee(
    rendered: Rendered, documents: Collection[str], version: Version | None, accepted: Collection[str] = ()
) -> Foreseen:
    """The lines of these apps at which HAProxy of this version may give up; those `accepted` it took before."""
    return Foreseen(dict(_lines(rendered, documents, version, accepted))) if documents else Foreseen()


def _lines(
    rendered: Rendered, documents: Collection[str], version: Version | None, accepted: Collection[str]
) -> Iterator[tuple[int, Line]]:
    text, section, number, at = rendered.text, "", 1, 0
    for found in _LINE.finditer(text):
        if found["kind"]:
            section = found["kind"]
            continue
        number += text.count("\n", at, found.start())
        at = found.start()
        because = next(iter(rendered.source_map.reasons(number)), None)
        if because is None or not because.lines or because.document not in documents:
            continue
        judged = judge(found[0], section, version)
        if judged is not None:
            if accepted and _digest(judged) in accepted:
                judged = judged._replace(doubt=Doubt.LITTLE)
            yield number, Line(because.document, judged)


def _digest(judged: Judged) -> str:
    return hashlib.blake2b(judged.words.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
