"""What is wrong with a JSON text is said with line, column, what was expected, and what to do."""

from __future__ import annotations

import pytest

from tests.source.documents import refusal

VALUE = "expected a value"
KEY = "expected a key in double quotes"
MEMBER = "expected ',' or '}' after a member"
QUOTES = 'JSON writes strings and keys in double quotes (")'
ESCAPE = 'expected an escape that JSON knows (\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX)'
DOTS = "the dots stand for something that was left out: write it out, or take them away"
TEMPLATE = "this looks like a placeholder of a template: fill it in first"
POINT = "a JSON number has digits before and behind its point and its e"

SLIPS = [
    # commas
    ('{"a": 1,}', f"1:8 {KEY} behind the comma, found '}}' (JSON allows no comma before '}}')"),
    ('{\n  "a": 1,\n}', f"2:9 {KEY} behind the comma, found '}}' (JSON allows no comma before '}}')"),
    ("[1,\n]", f"1:3 {VALUE} behind the comma, found ']' (JSON allows no comma before ']')"),
    ("[1,,2]", f"1:4 {VALUE}, found a comma (there is one comma too many)"),
    ("[,1]", f"1:2 {VALUE} or ']', found a comma (there is one comma too many)"),
    ('{"a": 1\n "b": 2}', f"2:2 {MEMBER}, found '\"' (a comma is missing before it)"),
    ("[1 2]", "1:4 expected ',' or ']' after an element, found '2' (a comma is missing before it)"),
    ('{"a": 1; "b": 2}', f"1:8 {MEMBER}, found ';'"),
    # keys
    ("{a: 1}", f"1:2 {KEY} or '}}', found 'a' (every key stands in double quotes (\"))"),
    ("{1: 1}", f"1:2 {KEY} or '}}', found '1' (every key stands in double quotes (\"))"),
    ('{"a" 1}', "1:6 expected ':' after a key, found '1'"),
    ('{"a" = 1}', "1:6 expected ':' after a key, found '='"),
    ('{"a"}', "1:5 expected ':' after a key, found '}' (every key of an object has a value)"),
    ('{"a": }', f"1:7 {VALUE}, found '}}'"),
    # quotes
    ("{'a': 1}", f"1:2 {KEY} or '}}', found a single quote ({QUOTES})"),
    ("{\"a\": 'b'}", f"1:7 {VALUE}, found a single quote ({QUOTES})"),
    ("[“a”]", f"1:2 {VALUE} or ']', found the quotation mark '“' (JSON knows the plain double quote (\") only)"),
    # words of other languages
    ('{"a": None}', f"1:7 {VALUE}, found 'None' (JSON writes null)"),
    ('{"a": True}', f"1:7 {VALUE}, found 'True' (JSON writes true)"),
    ('{"a": FALSE}', f"1:7 {VALUE}, found 'FALSE' (JSON writes false)"),
    ('{"a": /web}', f"1:7 {VALUE}, found '/' (a string stands in double quotes (\"))"),
    ("[tru]", f"1:2 {VALUE} or ']', found 'tru' (a string stands in double quotes (\"))"),
    ("[trueish]", f"1:2 {VALUE} or ']', found 'trueish' (a string stands in double quotes (\"))"),
    # numbers
    ("[NaN]", f"1:2 {VALUE} or ']', found 'NaN' (JSON knows finite numbers only)"),
    ("[-Infinity]", f"1:2 {VALUE} or ']', found '-Infinity' (JSON knows finite numbers only)"),
    ("[01]", f"1:2 {VALUE} or ']', found '01' (a JSON number is decimal and has no leading zero)"),
    ("[0x1F]", f"1:2 {VALUE} or ']', found '0x1F' (a JSON number is decimal and has no leading zero)"),
    ("[+1]", f"1:2 {VALUE} or ']', found '+1' (a JSON number has no plus sign)"),
    ("[.5]", f"1:2 {VALUE} or ']', found '.5' ({POINT})"),
    ("[1.]", f"1:2 {VALUE} or ']', found '1.' ({POINT})"),
    ("[1e]", f"1:2 {VALUE} or ']', found '1e' ({POINT})"),
    ("[80a]", f"1:2 {VALUE} or ']', found '80a' (whatever is no number stands in double quotes (\"))"),
    (f"[{'1' * 4301}]", "1:2 a number of 4,301 characters; at most 4,300 are taken"),
    # comments, omissions, placeholders
    ("// all\n{}", f"1:1 {VALUE}, found a comment (JSON has no comments: take it out)"),
    ('{"a": 1, # one\n}', f"1:10 {KEY}, found a comment (JSON has no comments: take it out)"),
    ('{"a": 1 /* one */}', f"1:9 {MEMBER}, found a comment (JSON has no comments: take it out)"),
    ('{"a": 1, ...}', f"1:10 {KEY}, found '...' ({DOTS})"),
    ("[1, …]", f"1:5 {VALUE}, found '…' ({DOTS})"),
    ('{"a": ${PORT}}', f"1:7 {VALUE}, found '${{' ({TEMPLATE})"),
    ('{"a": <id>}', f"1:7 {VALUE}, found '<id>' ({TEMPLATE})"),
    (
        '{"a": {{ port }}}',
        (
            f"1:8 {KEY} or '}}', found '{{' "
            "(an object begins with a key; {{ begins a placeholder of a template: fill it in first)"
        ),
    ),
    # strings
    (
        '{"a": "x\ny"}',
        (
            "1:9 expected '\"' to close a string, found the end of the line "
            "(the string begins on line 1, column 7; a line break inside it is written \\n)"
        ),
    ),
    (
        '{\n "a": "x',
        "2:9 expected '\"' to close a string, found the end of the text (the string begins on line 2, column 7)",
    ),
    ('["\t"]', "1:3 expected no raw control character in a string, found a tab (write \\t)"),
    (
        '["\x1b[31m"]',
        "1:3 expected no raw control character in a string, found the control character U+001B (write \\u001b)",
    ),
    (r'["a\x41"]', rf"1:4 {ESCAPE}, found '\x' (a backslash itself is written \\)"),
    ('["a\\\n"]', f"1:4 {ESCAPE}, found a lone '\\' (a backslash itself is written \\\\)"),
    ('["a\\', f"1:4 {ESCAPE}, found a lone '\\' (a backslash itself is written \\\\)"),
    (r'["\u12"]', "1:3 expected four hexadecimal digits after \\u, found '12\"]'"),
    # brackets and the end
    ('{\n"a": [1}', "2:8 expected ']' to close the '[' of line 2, found '}'"),
    ('{"a": 1]', "1:8 expected '}' to close the '{' of line 1, found ']'"),
    ('{"a": {\n"b": 1}', f"2:8 {MEMBER}, found the end of the text (the object that begins on line 1 is never closed)"),
    ("[", f"1:2 {VALUE} or ']', found the end of the text (the list that begins on line 1 is never closed)"),
    ("{}}", "1:3 expected nothing behind the end of the value, found '}' (there is one closing bracket too many)"),
    (
        "{}\n{}",
        (
            "2:1 expected nothing behind the end of the value, found '{' "
            "(several values in one file go into a list: [..., ...])"
        ),
    ),
    (
        '"id": 1',
        "1:5 expected nothing behind the end of the value, found ':' (an object stands in braces: {...})",
    ),
    ("{} done", "1:4 expected nothing behind the end of the value, found 'done'"),
    ("[" * 201 + "1" + "]" * 201 + "x", "1:201 the value is nested more than 200 deep"),
    ("[" * 100_000, "1:201 the value is nested more than 200 deep"),
    ('{"a":' * 100_000, "1:1001 the value is nested more than 200 deep"),
    # characters that are not what they look like
    ("[\xa01]", f"1:2 {VALUE} or ']', found the character U+00A0 (it looks like a space and is none: take it out)"),
    ("[\x07]", f"1:2 {VALUE} or ']', found character U+0007"),
    (
        "abcdefghijklmnopqrstuvwxyz",
        f"1:1 {VALUE}, found 'abcdefghijklmnopqrstu...' (a string stands in double quotes (\"))",
    ),
]


@pytest.mark.parametrize(("text", "said"), SLIPS, ids=[text[:20] for text, _ in SLIPS])
def test_slip(text: str, said: str) -> None:
    assert refusal(text) == said


def test_columns_count_characters_not_bytes() -> None:
    assert refusal('["é😀" x]').startswith("1:7 ")


def test_lines_end_at_line_feeds_only() -> None:
    assert refusal('["\u2028",\r\n x]').startswith("2:2 ")
