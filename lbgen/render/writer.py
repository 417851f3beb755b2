"""From a plan to text, and from the text's lines back to the services and labels that made them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.errors import AppError, InputError
from lbgen.origin import SourceMap
from lbgen.render.guard import escapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lbgen.model.plan import Fragment, Plan
    from lbgen.model.service import Service
    from lbgen.origin import Because


@dataclass(frozen=True, slots=True)
class Rendered:
    """A configuration as text, where its lines come from, and the map files that it reads, by file name."""

    text: str
    source_map: SourceMap
    maps: Mapping[str, str]


@dataclass(slots=True)
class Unfillable:
    """Services whose templates cannot be filled in, and why."""

    faults: list[tuple[Service, AppError]]


def fill(fragment: Fragment) -> str:
    """The text of the fragment; raises AppError where a label's template cannot be filled in, else InputError."""
    if fragment.label:
        _limit(fragment, _size(fragment), MOST_OF_A_FRAGMENT)
    try:
        return fragment.text.fill(fragment.values)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        service = fragment.service
        if service is None or not fragment.overridden:
            raise InputError(f"the template {fragment.template} cannot be filled in: {_said(error)}") from None
        origin = service.because(fragment.label).origin()
        raise AppError(f"cannot be filled in: {_said(error)}", origin=origin, rule="bad-template") from None


MOST_OF_A_FRAGMENT = 4 * 2**20
"""Characters that one filling of a label's template may have."""
MOST_OF_AN_APP = 64 * 2**20
"""Characters that all templates of an app's labels may have, filled in."""


def _size(fragment: Fragment) -> int:
    """What the fragment will have in characters, told without filling it."""
    values = fragment.values
    return sum(
        len(piece) if isinstance(piece, str) else len(str(values.get(piece.name, ""))) for piece in fragment.text.pieces
    )


def _limit(fragment: Fragment, size: int, most: int) -> None:
    if size > most:
        service = fragment.service
        assert service is not None  # noqa: S101 - what a label overrides is a service's
        message = f"would become more than {most:,} characters of text"
        raise AppError(message, origin=service.because(fragment.label).origin(), rule="too-much-text")


def _said(error: Exception) -> str:
    return f"there is no {error}" if isinstance(error, KeyError) else str(error)


def write(
    plan: Plan,
    reasons: Callable[[Fragment, int], Sequence[Because]],
    *,
    end_lines: bool,
    opens: Mapping[str, str] | None = None,
) -> Rendered | Unfillable:
    """The text of the plan, or the services that it cannot be written for.

    `reasons` tells for a line of a fragment which values it was made of. With `end_lines` every fragment ends its last
    line; without, only one that another app's fragment would be glued to. With `opens`, the kinds of section that
    templates open by their names, no line of a label may leave its place.
    """
    parts, faults = _filled(plan)
    if faults:
        return Unfillable(faults)
    texts = list(_ended(parts, end_lines=end_lines))
    if opens is not None and any(fragment.label for _, fragment, _ in parts):
        faults = escapes([(text, part[1]) for text, part in zip(texts, parts, strict=True)], opens)
        if faults:
            return Unfillable(faults)

    def because(index: int, line: int) -> Sequence[Because]:
        return reasons(parts[index][1], line)

    source_map = SourceMap(texts, because, [first for _, _, first in parts])
    return Rendered("".join(texts), source_map, plan.maps)


_Part = tuple[str, "Fragment", int]
"""A text, the fragment that it is of, and how many lines of the fragment stand before it elsewhere."""


def _filled(plan: Plan) -> tuple[list[_Part], list[tuple[Service, AppError]]]:
    parts: list[_Part] = []
    faults: list[tuple[Service, AppError]] = []
    sizes: Counter[str] = Counter()
    for section in plan.sections:
        made: list[_Part] = []
        for fragment in section.fragments:
            try:
                text = _limited(fragment, sizes) if fragment.label else fill(fragment)
                made.append((text, fragment, 0))
            except AppError as error:
                if fragment.service is not None:
                    faults.append((fragment.service, error))
        parts += _by_evaluation(made) if section.by_evaluation else made
    return parts, faults


def _limited(fragment: Fragment, sizes: Counter[str]) -> str:
    """The text of a label's fragment, counted; raises AppError once its app has more text than it may."""
    app = fragment.service.app.id if fragment.service is not None else ""
    _limit(fragment, sizes[app], MOST_OF_AN_APP)
    text = fill(fragment)
    sizes[app] += len(text)
    _limit(fragment, sizes[app], MOST_OF_AN_APP)
    return text


_EVALUATION = ("acl", "", "tcp-request", "http-request", "redirect", "use_backend")
_RANKS = {keyword: rank for rank, keyword in enumerate(_EVALUATION)} | {"default_backend": 5}


def _by_evaluation(parts: list[_Part]) -> Iterator[_Part]:
    """The head of a section, then the lines of the others in the order in which HAProxy evaluates them."""
    yield parts[0]
    lines = [line for part in parts[1:] for line in _lines(part)]
    lines.sort(key=lambda ranked: ranked[0])
    for _, part in lines:
        yield part


def _lines(part: _Part) -> Iterator[tuple[int, _Part]]:
    text, fragment, _ = part
    # Nothing but a line feed ends a line for HAProxy, whatever Python knows of line breaks.
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else ()):
        word = line.split(None, 1)
        rank = _RANKS.get(word[0], _RANKS[""]) if word else 1
        yield rank, (f"{line}\n", fragment, number)


def _ended(parts: list[_Part], *, end_lines: bool) -> Iterable[str]:
    for index, (text, _, _) in enumerate(parts):
        if text.endswith("\n") or not text or not (end_lines or _meets_another(parts, index)):
            yield text
        else:
            yield f"{text}\n"


def _meets_another(parts: list[_Part], index: int) -> bool:
    """Whether an app's own text is followed by something of another app, or of nobody's."""
    fragment = parts[index][1]
    if not fragment.overridden or fragment.service is None:
        return False
    following = next((parts[later] for later in range(index + 1, len(parts)) if parts[later][0]), None)
    if following is None:
        return False
    other = following[1].service
    return other is None or other.app != fragment.service.app
