"""From edits of a document's values and members to replacements in its text that keep everything else."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from lbgen.origin import unescape_pointer
from lbgen.source.jsonstrings import changed_string, renamed_key
from lbgen.source.members import Members, changed_members
from lbgen.source.replacement import CannotReplace, Change, Replacement
from lbgen.source.slip import Slip

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from lbgen.finding import Edit
    from lbgen.source.document import Document

    Tokens = tuple[str, ...]


def replacements(document: Document, edits: Sequence[Edit]) -> list[Replacement]:
    """What the edits, all of this document, do to its text, in its order.

    Raises CannotReplace where one of them cannot be done, or two of them not together.
    """
    try:
        found = sorted(_all(document, edits))
    except (Slip, ValueError, IndexError, KeyError, RecursionError):
        raise CannotReplace("the text is not what its kind says") from None
    if any(one.touches(other) for one, other in pairwise(found)):
        raise CannotReplace("two edits are about one stretch of the text")
    return found


def _all(document: Document, edits: Sequence[Edit]) -> Iterator[Replacement]:
    changes: defaultdict[Tokens, list[Change]] = defaultdict(list)
    members: defaultdict[Tokens, Members] = defaultdict(Members)
    going = {_tokens(edit.pointer) for edit in edits if edit.key}
    for edit in edits:
        if edit.span is not None:
            start, end = document.offset(edit.span.start), document.offset(edit.span.end)
            yield Replacement(start, end, edit.text or "")
            continue
        tokens = _tokens(edit.pointer)
        _refuse_shared(document, tokens)
        if edit.key:
            _refuse_repeated(document, edit.pointer)
            yield from _renamed(document, tokens, edit.text or "", going)
        elif edit.text is None and edit.start is None:
            _refuse_repeated(document, edit.pointer)
            members[tokens[:-1]].without.add(tokens[-1])
        elif document.index.find(list(tokens)) is not None:
            changes[tokens].append(Change(edit.start or 0, _end(edit), edit.text or ""))
        else:
            members[tokens[:-1]].more[tokens[-1]] = edit.text or ""
    for tokens, some in changes.items():
        yield from _changed(document, tokens, some)
    for tokens, change in members.items():
        yield from changed_members(document, list(tokens), change)


_REST = 1 << 40


def _end(edit: Edit) -> int:
    return _REST if edit.end is None else edit.end


def _tokens(pointer: str) -> Tokens:
    if not pointer.startswith("/"):
        raise CannotReplace("the document as a whole has no text to put in place of it")
    return tuple(unescape_pointer(token) for token in pointer[1:].split("/"))


def _refuse_repeated(document: Document, pointer: str) -> None:
    """Of a key that stands twice, the first would come into force."""
    if any(each.pointer == pointer for each in document.duplicate_keys()):
        raise CannotReplace("the key is given twice")


def _refuse_shared(document: Document, tokens: Tokens) -> None:
    """What an alias repeats would change in several places."""
    if document.kind != "yaml":
        return
    from lbgen.source.yamltree import YamlTree

    if isinstance(document.index, YamlTree) and document.index.shared(list(tokens)):
        raise CannotReplace("an alias repeats the value elsewhere")


def _renamed(document: Document, tokens: Tokens, name: str, going: Container[Tokens]) -> Iterable[Replacement]:
    """A member's new name; one that is `going` to be called otherwise is not in the way."""
    if name in document.index.members(list(tokens[:-1])) and (*tokens[:-1], name) not in going:
        raise CannotReplace(f"there is a member {name} already")
    place = document.index.find(list(tokens))
    if place is None or place.key is None:
        raise CannotReplace("there is no such key")
    if document.kind == "yaml":
        from lbgen.source.yamlstrings import renamed_yaml_key

        return renamed_yaml_key(document, place.key, tokens[-1], name)
    return renamed_key(document, place.key, tokens[-1], name)


def _changed(document: Document, tokens: Tokens, changes: Sequence[Change]) -> Iterable[Replacement]:
    place = document.index.find(list(tokens))
    if place is None:
        raise CannotReplace("there is no such value")
    if document.kind == "yaml":
        from lbgen.source.yamlstrings import changed_scalar

        return changed_scalar(document, list(tokens), place, changes)
    return changed_string(document, place, changes)
