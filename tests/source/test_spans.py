"""Where the values of a JSON document stand, by JSON pointer, down to characters of a decoded string."""

from __future__ import annotations

import pytest

from lbgen.origin import Position, Span
from tests.source.documents import cut, document

TEXT = """{
  "id": "/web",
  "labels": {"HAPROXY_0_VHOST" : "a.b", "x/y~z": [10, {"deep": true}, ""]},
  "": {"": null},
  "list": [ ]
}
"""


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [
        ("/id", '"/web"', '"id"'),
        ("/labels/HAPROXY_0_VHOST", '"a.b"', '"HAPROXY_0_VHOST"'),
        ("/labels/x~1y~0z", '[10, {"deep": true}, ""]', '"x/y~z"'),
        ("/labels/x~1y~0z/0", "10", "10"),
        ("/labels/x~1y~0z/1/deep", "true", '"deep"'),
        ("/labels/x~1y~0z/2", '""', '""'),
        ("/", '{"": null}', '""'),
        ("//", "null", '""'),
        ("/list", "[ ]", '"list"'),
        ("", TEXT.strip(), TEXT.strip()),
    ],
)
def test_value_and_key(pointer: str, value: str, key: str) -> None:
    made = document(TEXT)
    assert cut(TEXT, made.span(pointer)) == value
    assert cut(TEXT, made.span(pointer, key=True)) == key


@pytest.mark.parametrize(
    "pointer",
    ["/no", "/id/no", "/id/0", "/labels/x~1y~0z/3", "/labels/x~1y~0z/-", "/labels/x~1y~0z/00", "/list/0", "id"],
)
def test_no_such_value(pointer: str) -> None:
    assert document(TEXT).span(pointer) is None


def test_lines_and_columns() -> None:
    assert document(TEXT).span("/labels/HAPROXY_0_VHOST") == Span(Position(3, 34), Position(3, 39))


def test_last_of_duplicate_keys_counts() -> None:
    assert document('{"a": 1, "a": 2}').span("/a") == Span(Position(1, 15), Position(1, 16))


def test_key_written_with_escapes() -> None:
    assert cut('{"\\u0061": 1}', document('{"\\u0061": 1}').span("/a")) == "1"


ESCAPED = r'{"s": "ab\n\u00e9\"c\\\ud83d\ude00d😀e"}'
DECODED = 'ab\né"c\\😀d😀e'


@pytest.mark.parametrize(
    ("start", "end", "raw"),
    [
        (0, 2, "ab"),
        (2, 3, r"\n"),
        (3, 4, r"\u00e9"),
        (4, 6, r"\"c"),
        (6, 7, r"\\"),
        (7, 8, r"\ud83d\ude00"),
        (8, 9, "d"),
        (9, 10, "😀"),
        (10, 11, "e"),
        (0, len(DECODED), ESCAPED[7:-2]),
        (3, 3, ""),
        (len(DECODED), len(DECODED), ""),
        (0, 1000, ESCAPED[7:-2]),
        (500, 1000, ""),
    ],
)
def test_characters_of_the_decoded_string(start: int, end: int, raw: str) -> None:
    assert cut(ESCAPED, document(ESCAPED).span("/s", start, end)) == raw


def test_one_sided_range() -> None:
    made = document('["abc"]')
    assert cut('["abc"]', made.span("/0", 1)) == "bc"
    assert cut('["abc"]', made.span("/0", None, 1)) == "a"


def test_range_of_what_is_no_string_is_all_of_it() -> None:
    assert cut("[12345]", document("[12345]").span("/0", 1, 2)) == "12345"


@pytest.mark.parametrize("text", ["[1, 2", '{"a" 1}', "[" * 100_000, '{"a": }', "nothing", ""])
def test_a_broken_text_has_no_places(text: str) -> None:
    assert document(text).span("/0") is None
    assert document(text).span("/a") is None


def test_line_text() -> None:
    made = document('{"a": 1,\r\n "b": 2}\n')
    assert [made.line_text(number) for number in range(5)] == ["", '{"a": 1,', ' "b": 2}', "", ""]


def test_carriage_return_alone_ends_no_line() -> None:
    made = document("[1,\r2,\n3]")
    assert made.line_text(1) == "[1,\r2,"
    assert made.span("/2") == Span(Position(2, 1), Position(2, 2))


def test_many_lookups_visit_each_container_once() -> None:
    # The index keeps what it has seen: of the 20,000 siblings none is skipped again for the next pointer.
    text = "[" + ",".join('{"a": "x"}' for _ in range(20_000)) + "]"
    made = document(text)
    for number in range(20_000):
        assert made.span(f"/{number}/a") is not None
    members = made.index._members  # type: ignore[attr-defined]
    assert len(members) == 20_001
