"""YAML is read as YAML 1.2's core schema, holds only what JSON can hold, and has the same places as JSON."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.source import load
from tests.source.documents import cut, document, refusal

PLAIN = [
    ("true", True),
    ("False", False),
    ("yes", "yes"),
    ("No", "No"),
    ("on", "on"),
    ("off", "off"),
    ("null", None),
    ("~", None),
    ("", None),
    ("80", 80),
    ("+80", 80),
    ("-1", -1),
    ("010", 10),
    ("0o17", 15),
    ("0x1F", 31),
    ("1_000", "1_000"),
    ("12:30", "12:30"),
    ("2001-01-01", "2001-01-01"),
    ("1.5", 1.5),
    (".5", 0.5),
    ("1e3", 1000.0),
    ("1.2.3", "1.2.3"),
    ("=", "="),
    ("'80'", "80"),
    ('"true"', "true"),
    ("!!str 80", "80"),
    ("!!int '80'", 80),
    ("!!float 1", 1.0),
    ("[]", []),
    ("{}", {}),
    ("<<", "<<"),
]


@pytest.mark.parametrize(("text", "value"), PLAIN, ids=[text for text, _ in PLAIN])
def test_scalar(text: str, value: Any) -> None:
    loaded = load(document(f"a: {text}", "yaml"))
    assert loaded == {"a": value}
    assert type(loaded["a"]) is type(value)


def test_keys_are_the_strings_that_they_look_like() -> None:
    text = "on: 1\n80: 2\nnull: 3\n010: 4\n1.50: 5\n"
    assert load(document(text, "yaml")) == {"on": 1, "80": 2, "null": 3, "010": 4, "1.50": 5}


def test_json_is_yaml() -> None:
    assert load(document('{"a": [1, "b", null, true]}', "yaml")) == {"a": [1, "b", None, True]}


def test_aliases_are_values_of_their_own() -> None:
    value = load(document("x: &a [1]\ny: *a\n", "yaml"))
    assert value == {"x": [1], "y": [1]}
    assert value["x"] is not value["y"]


SLIPS = [
    ("a: [1,", "1:7 expected a value, found the end of the text"),
    ("a: 'x", "1:4 expected a closing quote, found the end of the text"),
    ("a: b: c", "1:5 expected the end of the value, found ':' (put a value that holds ': ' into quotes)"),
    ("a: - b", "1:4 expected a value, found '-' (a list begins on a line of its own)"),
    ("a:\n\tb: 1", "2:1 expected spaces, found a tab (YAML is indented by spaces only)"),
    ("- a\nb: c", "2:1 expected '-' at the indentation of the others, found 'b'"),
    ("a: |\n  x\n y", "3:2 expected a key at the indentation of the others, found 'y'"),
    ("a: @b", "1:4 expected a value, found '@' (put a value that begins with it into quotes)"),
    ("a: *x", "1:4 expected an alias of an anchor before it, found '*' (put a value that begins with * into quotes)"),
    (
        "a: &x 1\nb: &x 2",
        "2:4 expected a new anchor, found '&', which there is already (give each anchor its own name)",
    ),
    ('a: "\\q"', "1:6 expected an escape that YAML knows, found 'q' (a backslash itself is written \\\\)"),
    ('a: "\\xq"', "1:7 expected hexadecimal digits after the backslash, found 'q'"),
    ("a: {b", "1:6 expected ',' or '}' after a member, found the end of the text"),
    ("a: [b}", "1:6 expected ',' or ']' after an element, found '}'"),
    ("%YAML 3.0\n---\na", "1:1 expected YAML 1.2 or 1.1, found another version"),
    ("# nothing", "1:1 the document holds no value; expected YAML"),
    ("a: .inf", "1:4 expected a finite number, found '.inf' (JSON knows no other)"),
    ("a: !secret b", "1:4 expected a value of JSON, found the tag !secret (take the tag out)"),
    (
        "!!python/name:os.system x",
        "1:1 expected a value of JSON, found the tag !!python/name:os.system (take the tag out)",
    ),
    ("a: !!set {b}", "1:4 expected a value of JSON, found the tag !!set (take the tag out)"),
    ("a: !!int b", "1:4 expected what its tag promises, !!int, found 'b'"),
    ("? [a]\n: b", "1:3 expected a string as key, found a collection (JSON's keys are strings)"),
    (
        "b: &b {c: 1}\na:\n  <<: *b",
        (
            "3:3 expected a key, found the merge key '<<' "
            "(write the members out: lbgen reads YAML 1.2, which has no merge keys)"
        ),
    ),
    (
        "a: \x1b",
        ("1:4 expected text, found the control character U+001B (in double quotes it can be written as an escape)"),
    ),
    ('a: "\\ud800"', "1:4 expected characters, found one half of a surrogate pair"),
    ("a: \ufdd0", "1:4 the character U+FDD0 is reserved, no text may hold it; take it out"),
    ('"\\ufdd1": 1', "1:1 the character U+FDD1 is reserved, no text may hold it; take it out"),
    ("a: " + "1" * 4301, "1:4 a number of 4,301 characters; at most 4,300 are taken"),
    ("[" * 300 + "]" * 300, "1:202 the value is nested more than 200 deep"),
    ("- " * 300 + "a", "1:403 the value is nested more than 200 deep"),
    ("&a [*a]", "1:5 the aliases stand for more than 1,000,000 values, or contain themselves"),
]


@pytest.mark.parametrize(("text", "said"), SLIPS, ids=[text[:20] for text, _ in SLIPS])
def test_slip(text: str, said: str) -> None:
    assert refusal(text, "yaml") == said


def test_aliases_of_aliases_do_not_explode() -> None:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    said = "the aliases stand for more than 1,000,000 values, or contain themselves"
    assert refusal("\n".join(lines), "yaml").endswith(said)


TEXT = """\
# a pool
id: web   # its name
labels:
  on: "a\\tb\\u00e9c"
  'b''c': 'x''yz'

  plain: some words  # said
  text: |
    first line
      second
  folded: >
    one
    two

list:
- 1
- {k: v, "l": [2]}
-
  deep: &x yes
  again: *x
# the end
"""


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [
        ("/id", "web", "id"),
        ("/labels/on", '"a\\tb\\u00e9c"', "on"),
        ("/labels/b'c", "'x''yz'", "'b''c'"),
        ("/labels/plain", "some words", "plain"),
        ("/labels/text", "|\n    first line\n      second", "text"),
        ("/list/0", "1", "1"),
        ("/list/1", '{k: v, "l": [2]}', '{k: v, "l": [2]}'),
        ("/list/1/l/0", "2", "2"),
        ("/list", TEXT[TEXT.index("- 1") : TEXT.index("\n# the end")], "list"),
        ("/list/2/deep", "&x yes", "deep"),
        ("/list/2/again", "*x", "again"),
        ("", TEXT[TEXT.index("id:") : TEXT.index("\n# the end")], TEXT[TEXT.index("id:") : TEXT.index("\n# the end")]),
    ],
)
def test_value_and_key(pointer: str, value: str, key: str) -> None:
    made = document(TEXT, "yaml")
    assert cut(TEXT, made.span(pointer)) == value
    assert cut(TEXT, made.span(pointer, key=True)) == key


@pytest.mark.parametrize("pointer", ["/no", "/list/7", "/id/0", "/list/x"])
def test_no_such_value(pointer: str) -> None:
    assert document(TEXT, "yaml").span(pointer) is None


@pytest.mark.parametrize(
    ("pointer", "start", "end", "raw"),
    [
        ("/id", 1, 3, "eb"),
        ("/labels/on", 0, 2, "a\\t"),
        ("/labels/on", 3, 5, "\\u00e9c"),
        ("/labels/b'c", 1, 3, "''y"),
        ("/labels/plain", 5, 10, "words"),
        ("/labels/text", 0, 5, "first"),
        ("/labels/text", 11, 19, "  second"),
        ("/labels/folded", 0, 3, ">\n    one\n    two"),
        ("/list/2/deep", 0, 3, "yes"),
        ("/list/2/again", 0, 1, "*x"),
    ],
)
def test_characters_of_the_decoded_string(pointer: str, start: int, end: int, raw: str) -> None:
    assert cut(TEXT, document(TEXT, "yaml").span(pointer, start, end)) == raw


def test_lines_are_those_of_the_text_whatever_yaml_counts_as_one() -> None:
    text = "a: 'x\u2028y'\r\nb: 1\r\n"
    span = document(text, "yaml").span("/b")
    assert span is not None
    assert span.start == (2, 4)


def test_duplicate_keys() -> None:
    text = "a: 1\nb: [{c: 2, 'c': 3}]\na: 4\n"
    made = document(text, "yaml")
    assert load(made) == {"a": 4, "b": [{"c": 3}]}
    assert [(each.pointer, each.first.start, each.again.start) for each in made.duplicate_keys()] == [
        ("/b/0/c", (2, 6), (2, 12)),
        ("/a", (1, 1), (3, 1)),
    ]
    assert cut(text, made.span("/a")) == "4"


@pytest.mark.parametrize("text", ["a: [1", "a: b: c", "a: \x01", "# nothing"])
def test_a_broken_text_has_no_places(text: str) -> None:
    assert document(text, "yaml").span("/a") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\n---\nb: [2]\n", [{"a": 1}, {"b": [2]}]),
        ("--- 1\n--- 2", [1, 2]),
        ("---\n# nothing\n---\na: 1\n---\n", {"a": 1}),
        ("---\na: 1\n...\n---\na: 2\n...\n", [{"a": 1}, {"a": 2}]),
    ],
)
def test_several_documents_are_a_list_of_those_that_say_something(text: str, value: Any) -> None:
    assert load(document(text, "yaml")) == value


def test_the_second_of_several_documents_has_its_own_place() -> None:
    there = document("a: 1\n---\nb:\n  c: 2\n", "yaml")
    assert load(there) == [{"a": 1}, {"b": {"c": 2}}]
    assert cut(there.text, there.span("/1/b/c")) == "2"


def test_an_alias_does_not_reach_into_another_document() -> None:
    assert refusal("a: &x 1\n---\nb: *x\n", "yaml").startswith("3:4 expected an alias of an anchor before it")
