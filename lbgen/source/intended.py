"""What a document's value is to be after edits: what the edited text has to be read as."""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from lbgen.origin import unescape_pointer
from lbgen.source.replacement import CannotReplace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lbgen.finding import Edit


def intended(value: Any, edits: Sequence[Edit]) -> Any:
    """The value with all edits of values and members done; every pointer means the value as it was.

    Raises CannotReplace where the edits do not go together, or lead nowhere.
    """
    value = deepcopy(value)
    # Strings first, from their ends; then what comes, then what goes, then what is called otherwise, deepest first.
    _change_texts(value, [edit for edit in edits if not edit.key and edit.text is not None])
    _drop(value, [edit for edit in edits if not edit.key and edit.text is None])
    renames: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for edit in edits:
        if edit.key:
            above, _, token = edit.pointer.rpartition("/")
            renames[above][unescape_pointer(token)] = edit.text or ""
    for above in sorted(renames, key=lambda pointer: pointer.count("/"), reverse=True):
        _rename(value, above, renames[above])
    return value


def _change_texts(value: Any, edits: Iterable[Edit]) -> None:
    for edit in sorted(edits, key=lambda it: it.start or 0, reverse=True):
        above, token = _parent(value, edit.pointer)
        old = _member(above, token)
        if edit.start is None:
            above[_place(above, token)] = edit.text
        elif isinstance(old, str):
            end = len(old) if edit.end is None else edit.end
            above[_place(above, token)] = f"{old[: edit.start]}{edit.text}{old[end:]}"
        else:
            raise CannotReplace(f"there is no text at {edit.pointer}")


def _drop(value: Any, edits: Iterable[Edit]) -> None:
    found = [_parent(value, edit.pointer) for edit in edits]
    for above, token in sorted(found, key=lambda it: int(it[1]) if isinstance(it[0], list) else 0, reverse=True):
        place = _place(above, token)
        if isinstance(above, list) or place in above:
            del above[place]
        else:
            raise CannotReplace(f"there is no member {token}")


def _rename(value: Any, pointer: str, names: dict[str, str]) -> None:
    """Gives members of one object new names, all at once: one may get the name that another had."""
    above, _ = _parent(value, f"{pointer}/")
    if not isinstance(above, dict) or not names.keys() <= above.keys():
        raise CannotReplace(f"{pointer} has no such members")
    members = [(names.get(key, key), inside) for key, inside in above.items()]
    if len(dict(members)) < len(members):
        raise CannotReplace(f"{pointer} would have two members of one name")
    above.clear()
    above.update(members)


def _parent(value: Any, pointer: str) -> tuple[Any, str]:
    *above, token = [unescape_pointer(each) for each in pointer.split("/")[1:]] or [""]
    for each in above:
        value = _member(value, each)
    if not pointer or not isinstance(value, (dict, list)):
        raise CannotReplace(f"nothing is at {pointer}")
    return value, token


def _member(above: Any, token: str) -> Any:
    try:
        return above.get(token) if isinstance(above, dict) else above[_place(above, token)]
    except (TypeError, IndexError):
        raise CannotReplace(f"nothing is at {token}") from None


def _place(above: Any, token: str) -> Any:
    if isinstance(above, dict):
        return token
    if token.isdecimal() and isinstance(above, list) and int(token) < len(above):
        return int(token)
    raise CannotReplace(f"nothing is at {token}")
