"""A JSON document's value, and the keys that it holds more than once."""

from __future__ import annotations

import pytest

from lbgen.source import load
from tests.source.documents import cut, document


def test_value() -> None:
    text = '{"id": "/web", "n": [1, -0.5, 1e3, true, false, null], "s": "\\u00e9\\ud83d\\ude00\\n"}'
    value = {"id": "/web", "n": [1, -0.5, 1000.0, True, False, None], "s": "é😀\n"}
    assert load(document(text)) == value


def test_byte_order_mark_is_skipped() -> None:
    made = document('{"a": 1}')
    marked = type(made)(made.name, made.text, b"\xef\xbb\xbf" + made.raw, made.kind)
    assert load(marked) == {"a": 1}


def test_what_is_no_character_is_loaded_all_the_same() -> None:
    assert load(document(r'{"a\ufdd0": "\ud800", "b": "\ud83d\ude00"}')) == {"a\ufdd0": "\ud800", "b": "\U0001f600"}


def test_positions_of_what_is_no_character() -> None:
    made = document(r'{"a": "\ud800x", "b": 1}')
    load(made)
    assert made.span("/b") is not None
    assert made.span("/a", 1, 2) == ((1, 14), (1, 15))


def test_no_duplicates() -> None:
    made = document('[{"a": 1}, {"a": 2}]')
    load(made)
    assert made.duplicate_keys() == []


def test_last_of_duplicate_keys_counts() -> None:
    assert load(document('{"a": 1, "a": 2}')) == {"a": 2}


def test_duplicates_have_pointers_and_both_places() -> None:
    text = '{"x": [0, {"a/b": 1,\n "c": [{}, []], "a/b": 2}],\n "y": {"x": 1},\n "x": 3,\n "\\u0078": 4}'
    made = document(text)
    load(made)
    found = made.duplicate_keys()
    assert [(each.pointer, each.first.start, each.again.start) for each in found] == [
        ("/x/1/a~1b", (1, 12), (2, 17)),
        ("/x", (1, 2), (4, 2)),
        ("/x", (1, 2), (5, 2)),
    ]
    assert [(cut(text, each.first), cut(text, each.again)) for each in found] == [
        ('"a/b"', '"a/b"'),
        ('"x"', '"x"'),
        ('"x"', '"\\u0078"'),
    ]


def test_loading_again_tells_duplicates_once() -> None:
    made = document('{"a": 1, "a": 2}')
    load(made)
    load(made)
    assert [each.pointer for each in made.duplicate_keys()] == ["/a"]


@pytest.mark.parametrize("text", ["[1e999]", "[-1e999]"])
def test_number_beyond_all_floats_is_infinite_as_in_python(text: str) -> None:
    assert abs(load(document(text))[0]) == float("inf")
