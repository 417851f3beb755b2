"""Our parsers, jiter and the standard library agree on what is JSON, on its value, and on where its parts stand."""

from __future__ import annotations

import json
from typing import Any

import jiter
from hypothesis import given
from hypothesis import strategies as st

from lbgen.origin import escape_pointer
from lbgen.source import load
from lbgen.source.jsonwalk import walk
from lbgen.source.slip import Slip
from tests.source.documents import cut, document, refusal

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufdd0\ufdd1\ufdd2")
STRINGS = st.text(CHARACTERS, max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | STRINGS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STRINGS, inner, max_size=4), max_leaves=12
)
LAYOUTS = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 2, "\t"]),
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([(",", ":"), (" , ", " : "), (",\r\n", ":\n")]),
    }
)
# Short texts of JSON's own alphabet, most of them broken somewhere.
PIECES = st.sampled_from(
    [
        *'{}[],:"\\/ \n\t\r-+.0123eEuaxd',
        "true",
        "null",
        "NaN",
        '"a"',
        '"b":',
        "1.5",
        r"\n",
        r"\u00e9",
        r"\ud83d",
        r"\ude00",
    ]
)
BROKEN = st.lists(PIECES, max_size=14).map("".join)


def parts(value: Any, pointer: str = "") -> list[tuple[str, Any]]:
    """Every pointer into the value, with what it leads to."""
    found = [(pointer, value)]
    if isinstance(value, dict):
        for key, child in value.items():
            found += parts(child, f"{pointer}/{escape_pointer(key)}")
    elif isinstance(value, list):
        for number, child in enumerate(value):
            found += parts(child, f"{pointer}/{number}")
    return found


@given(VALUES, LAYOUTS)
def test_every_part_is_where_its_span_says(value: Any, layout: dict[str, Any]) -> None:
    text = json.dumps(value, **layout)
    made = document(text)
    assert load(made) == value
    for pointer, part in parts(value):
        assert json.loads(cut(text, made.span(pointer))) == part
        if pointer and isinstance(part, str):
            for index, char in enumerate(part):
                raw = cut(text, made.span(pointer, index, index + 1))
                assert json.loads(f'"{raw}"') == char


@given(VALUES, LAYOUTS, st.data())
def test_damaged_texts_are_refused_by_all_or_none(value: Any, layout: dict[str, Any], data: st.DataObject) -> None:
    text = json.dumps(value, **layout)
    at = data.draw(st.integers(0, len(text)))
    piece = data.draw(PIECES)
    assert_agreement(text[:at] + piece + text[at + data.draw(st.integers(0, 2)) :])


@given(BROKEN)
def test_scrambled_texts_are_refused_by_all_or_none(text: str) -> None:
    assert_agreement(text)


def assert_agreement(text: str) -> None:
    slip = walked(text)
    if slip is None:
        value = json.loads(text)
        assert load(document(text)) == value
        assert accepted_by_jiter(text) != holds_half_a_character(value)
    else:
        assert not accepted_by_jiter(text)
        assert 0 <= slip.offset <= len(text)
        assert refusal(text).split(" ", 1)[1].startswith(str(slip))


def holds_half_a_character(value: Any) -> bool:
    """Whether a surrogate stands alone in the value, which is JSON, and no text."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def walked(text: str) -> Slip | None:
    try:
        for _ in walk(text):
            pass
    except Slip as slip:
        return slip
    return None


def accepted_by_jiter(text: str) -> bool:
    try:
        jiter.from_json(text.encode(), allow_inf_nan=False)
    except ValueError:
        return False
    return True


@given(st.lists(st.sampled_from("abc"), max_size=8))
def test_every_repetition_of_a_key_is_told(keys: list[str]) -> None:
    made = document("{" + ", ".join(f'"{key}": {number}' for number, key in enumerate(keys)) + "}")
    load(made)
    expected = [f"/{key}" for number, key in enumerate(keys) if key in keys[:number]]
    assert [each.pointer for each in made.duplicate_keys()] == expected
