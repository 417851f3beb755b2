"""Edits of values and members, done to the text: what is edited changes, every other character stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.finding import Edit
from lbgen.origin import Position, Span, escape_pointer
from lbgen.source import Document, load
from lbgen.source.intended import intended
from lbgen.source.replacement import CannotReplace, applied
from lbgen.source.replacing import replacements

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lbgen.source.document import Kind


def at(pointer: str, text: str | None = None, start: int | None = None, end: int | None = None) -> Edit:
    return Edit("x", text, pointer, start, end)


def called(pointer: str, name: str) -> Edit:
    return Edit("x", name, pointer, key=True)


def documented(text: str, kind: Kind = "json") -> Document:
    return Document("x", text, text.encode("utf-8", "surrogatepass"), kind)


def edited(text: str, *edits: Edit, kind: Kind = "json") -> str:
    """The text after the edits, which has to be read as they mean it."""
    document = documented(text, kind)
    value = load(document)
    made = applied(text, replacements(document, edits))
    assert load(documented(made, kind)) == intended(value, edits)
    return made


def refused(text: str, *edits: Edit, kind: Kind = "json") -> str:
    document = documented(text, kind)
    load(document)
    with pytest.raises(CannotReplace) as why:
        replacements(document, edits)
    return str(why.value)


class TestJsonStrings:
    @pytest.mark.parametrize(
        ("before", "edit", "after"),
        [
            ('{"a": "b\\u00e9c", "b": 1}', at("/a", "béd"), '{"a": "b\\u00e9d", "b": 1}'),
            ('{"a": "one\\ntwo\\nthree"}', at("/a", "TWO\n", 4, 8), '{"a": "one\\nTWO\\nthree"}'),
            ('{"a": "one\\ntwo\\nthree"}', at("/a", "", 4, 8), '{"a": "one\\nthree"}'),
            ('{"a": "x\\/y"}', at("/a", "x/z"), '{"a": "x\\/z"}'),
            ('{"a": "x"}', at("/a", 'say "no" \\ \t\x07'), '{"a": "say \\"no\\" \\\\ \\t\\u0007"}'),
            ('{"a": "\\ud83d\\ude00b"}', at("/a", "c", 1, 2), '{"a": "\\ud83d\\ude00c"}'),
            ('{"a": "\\ud83d\\ude00b"}', at("/a", "", 0, 1), '{"a": "b"}'),
            ('{"a": "\\ud83d\\u0041b"}', at("/a", "c", 1, 2), '{"a": "\\ud83dcb"}'),
            ('{"a": "é"}', at("/a", "éü"), '{"a": "éü"}'),
            ('{"a": 80}', at("/a", "80"), '{"a": "80"}'),
            ('{"a": {"b": []}}', at("/a/b", "c"), '{"a": {"b": "c"}}'),
            ('["a", "b"]', at("/1", "c"), '["a", "c"]'),
            ('{"a": "x"}', at("/a", "x"), '{"a": "x"}'),
        ],
    )
    def test_change_only_where_they_differ(self, before: str, edit: Edit, after: str) -> None:
        assert edited(before, edit) == after

    def test_of_several_edits_each_means_the_text_as_it_was(self) -> None:
        text = '{"a": "one\\ntwo\\nthree"}'
        assert edited(text, at("/a", "3", 8, 13), at("/a", "1", 0, 3)) == '{"a": "1\\ntwo\\n3"}'

    def test_two_edits_of_one_stretch_are_refused(self) -> None:
        assert refused('{"a": "one"}', at("/a", "x", 0, 2), at("/a", "y", 1, 3)) == (
            "two edits are about one stretch of a text"
        )

    def test_escapes_are_used_where_the_text_has_nothing_else(self) -> None:
        assert edited('{"a": "\\u00e9"}', at("/a", "éü")) == '{"a": "\\u00e9\\u00fc"}'

    def test_of_a_key_that_stands_twice_the_last_value_counts(self) -> None:
        assert edited('{"a": "1", "a": "2"}', at("/a", "3")) == '{"a": "1", "a": "3"}'


class TestJsonMembers:
    @pytest.mark.parametrize(
        ("before", "edits", "after"),
        [
            ('{\r\n\t"a": 1,\r\n\t"b": 2\r\n}', [at("/a")], '{\r\n\t"b": 2\r\n}'),
            ('{\r\n\t"a": 1,\r\n\t"b": 2\r\n}', [at("/b")], '{\r\n\t"a": 1\r\n}'),
            ('{"a": 1, "b": 2, "c": 3}', [at("/a"), at("/c")], '{"b": 2}'),
            ('{"a": 1, "b": 2, "c": 3}', [at("/b"), at("/c")], '{"a": 1}'),
            ('{ "a": 1 }', [at("/a")], "{}"),
            ("[1, [2, 3], 4]", [at("/1/0"), at("/2")], "[1, [3]]"),
            ("[1]", [at("/0")], "[]"),
            ('{\n  "a": 1\n}', [at("/b", "x")], '{\n  "a": 1,\n  "b": "x"\n}'),
            ('{"a":1}', [at("/b", "x"), at("/c", "y")], '{"a":1, "b":"x", "c":"y"}'),
            ("{}", [at("/b", "x")], '{"b": "x"}'),
            ('{"a": 1}', [at("/a"), at("/b", "x")], '{"b": "x"}'),
            ('{"a": 1, "b": 2}', [at("/b"), at("/c", "x")], '{"a": 1, "c": "x"}'),
            ('{"HAPROXY_O_PORT": "1"}', [called("/HAPROXY_O_PORT", "HAPROXY_0_PORT")], '{"HAPROXY_0_PORT": "1"}'),
            ('{"a": {"b": "x"}}', [called("/a", "c"), at("/a/b", "y"), called("/a/b", "d")], '{"c": {"d": "y"}}'),
        ],
    )
    def test_come_and_go_and_are_called_otherwise(self, before: str, edits: Sequence[Edit], after: str) -> None:
        assert edited(before, *edits) == after

    @pytest.mark.parametrize(
        ("text", "edit", "why"),
        [
            ('{"a": 1, "b": 2}', called("/a", "b"), "there is a member b already"),
            ('{"a": 1, "a": 2}', at("/a"), "the key is given twice"),
            ('{"a": 1, "a": 2}', called("/a", "b"), "the key is given twice"),
            ('{"a": 1}', at("/b"), "what is to go is not there"),
            ('{"a": 1}', called("/b", "c"), "there is no such key"),
            ('{"a": [1]}', at("/a/x", "c"), "there is no object to put a member into"),
            ('{"a": 1}', at("/a/x", "c"), "there is no object to put a member into"),
            ('{"a": 1}', at("/a/b/c", "x"), "what is to go is not there"),
            ('{"a": 1}', at("", "x"), "the document as a whole has no text to put in place of it"),
            ('{"a": {"b": 1}}', at("/a", "x", 1, 2), "there is no text to change a part of"),
        ],
    )
    def test_are_left_alone_where_that_would_do_harm(self, text: str, edit: Edit, why: str) -> None:
        assert refused(text, edit) == why


class TestSpans:
    CFG = "frontend a\r\n  bind :80  \r\n  rspadd x"

    @pytest.mark.parametrize(
        ("start", "end", "text", "after"),
        [
            ((2, 11), (2, 13), "", "frontend a\r\n  bind :80\r\n  rspadd x"),
            ((2, 1), (3, 1), None, "frontend a\r\n  rspadd x"),
            ((3, 11), (4, 1), "\n", "frontend a\r\n  bind :80  \r\n  rspadd x\n"),
            ((3, 3), (3, 9), "http-response", "frontend a\r\n  bind :80  \r\n  http-response x"),
        ],
    )
    def test_are_lines_and_columns(
        self, start: tuple[int, int], end: tuple[int, int], text: str | None, after: str
    ) -> None:
        edit = Edit("x", text, span=Span(Position(*start), Position(*end)))
        assert applied(self.CFG, replacements(documented(self.CFG), [edit])) == after


keys = st.text(st.characters(codec="utf-8", exclude_characters="\ufdd0\ufdd1\ufdd2"), max_size=4)
texts = st.text(st.characters(exclude_characters="\ufdd0\ufdd1\ufdd2"), max_size=8)
plain = st.text(st.characters(codec="utf-8", exclude_characters="\ufdd0\ufdd1\ufdd2"), max_size=8)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), texts),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(keys, inside, max_size=4),
    max_leaves=8,
)


def dumped(value: Any, indent: int | str | None, ascii_only: bool, newline: str) -> str:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).replace("\n", newline)
    # Half a surrogate pair has no UTF-8: it is always an escape.
    return "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in text)


def pointers(value: Any, path: str = "") -> list[str]:
    """The pointers to everything in the value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [(f"{path}/{escape_pointer(str(key))}", child) for key, child in inside]
    return [pointer for where, child in below for pointer in (where, *pointers(child, where))]


@given(
    st.dictionaries(keys, values, min_size=1, max_size=4),
    st.data(),
    st.sampled_from([None, 0, 2, "\t"]),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_edited_json_is_read_as_the_edited_value(
    value: dict[str, Any], data: st.DataObject, indent: int | str | None, ascii_only: bool, newline: str
) -> None:
    text = dumped(value, indent, ascii_only, newline)
    document = documented(text)
    value = load(document)
    pointer = data.draw(st.sampled_from(pointers(value)))
    edit = data.draw(
        st.one_of(
            st.builds(at, st.just(pointer), texts),
            st.builds(at, st.just(pointer)),
            st.builds(called, st.just(pointer), keys),
            st.builds(at, st.just(f"{pointer}/new"), texts),
            st.builds(at, st.just(pointer), texts, st.integers(0, 3), st.integers(3, 9)),
        )
    )
    try:
        found, wanted = replacements(document, [edit]), intended(value, [edit])
    except CannotReplace:
        return
    made = applied(text, found)
    # An escape put next to another may become one character with it; that is noticed, and not written.
    if any("\ud800" <= char <= "\udfff" for char in text + (edit.text or "")) or "\\ud" in text:
        return
    assert load(documented(made)) == wanted
    span = document.span(pointer) if edit.key is False and edit.text is not None else None
    if span is not None and not pointer.endswith("/new"):
        first, last = document.offset(span.start), document.offset(span.end)
        assert all(first <= each.start and each.end <= last for each in found)


@given(st.lists(plain, min_size=1, max_size=5), plain, st.data())
def test_edits_of_one_json_string_change_nothing_around_it(before: list[str], new: str, data: st.DataObject) -> None:
    text = json.dumps(before, ensure_ascii=data.draw(st.booleans()))
    index = data.draw(st.integers(0, len(before) - 1))
    start = data.draw(st.integers(0, len(before[index])))
    end = data.draw(st.integers(start, len(before[index])))
    made = edited(text, at(f"/{index}", new, start, end))
    assert json.loads(made)[index] == before[index][:start] + new + before[index][end:]
    place = documented(text).index.find([str(index)])
    assert place is not None
    assert made.startswith(text[: place.start])
    assert made.endswith(text[place.end :])


YAML = """\
# the shop
apps:
  - id: /a   # its id
    labels:
      PLAIN: one, two  # why
      DOUBLE: "dou\\u00e9ble"
      SINGLE: 'it''s'
      BLOCK: |
        one
          two

        three
      FOLDED: >
        some words
        and more
      LONG: words over
        two lines
      ANCHOR: &x anchored
      ALIAS: *x
      NUMBER: 80
      FLOW: {a: b, c: "d"}
  - id: /b
"""


class TestYaml:
    @pytest.mark.parametrize(
        ("edit", "line", "after"),
        [
            (at("PLAIN", "one, 2"), "one, two ", "one, 2 "),
            (at("PLAIN", "a: #b"), "one, two ", '"a: #b" '),
            (at("PLAIN", "true"), "one, two ", '"true" '),
            (at("PLAIN", "a\nb"), "one, two ", '"a\\nb" '),
            (at("PLAIN", "x", 5, 8), "one, two ", "one, x "),
            (at("DOUBLE", 'dou\u00e9b"'), "ble", 'b\\"'),
            (at("DOUBLE", "\x07\u2028\U0010fffd", 0, 3), '"dou', '"\\x07\\u2028\\U0010fffd'),
            (at("SINGLE", "it's 'us'"), "it''s", "it''s ''us''"),
            (at("SINGLE", "a\tb\nc"), "'it''s'", '"a\\tb\\nc"'),
            (at("BLOCK", "2", 6, 9), "          two", "          2"),
            (at("BLOCK", "two\nand a half", 6, 9), "          two\n", "          two\n        and a half\n"),
            (at("BLOCK", "", 4, 10), "          two\n", ""),
            (at("BLOCK", "one\n  two\n"), "\n        three", ""),
            (at("BLOCK", "one"), "|\n        one\n          two\n\n        three", "|-\n        one"),
            (at("FOLDED", "some words and less\n"), "and more", "and less"),
            (at("LONG", "words under two lines"), "over", "under"),
            (at("NUMBER", "443"), "80", '"443"'),
            (at("FLOW/a", "x, y"), "a: b", 'a: "x, y"'),
            (at("FLOW/a", "x"), "a: b", "a: x"),
            (at("FLOW/e", "f"), '"d"}', '"d", "e": "f"}'),
            (at("FLOW/a"), "a: b, ", ""),
            (at("DOUBLE"), '      DOUBLE: "dou\\u00e9ble"\n', ""),
            (at("BLOCK"), "      BLOCK: |\n        one\n          two\n\n        three\n", ""),
            (at("NEW", "a: b"), '"d"}\n', '"d"}\n      NEW: "a: b"\n'),
            (at("true", "x"), '"d"}\n', '"d"}\n      "true": "x"\n'),
            (called("PLAIN", "PLAINER"), "PLAIN", "PLAINER"),
            (called("PLAIN", "yes: no"), "PLAIN", '"yes: no"'),
        ],
    )
    def test_keeps_its_style(self, edit: Edit, line: str, after: str) -> None:
        assert YAML.count(line) == 1
        made = edited(YAML, edit._replace(pointer=f"/apps/0/labels/{edit.pointer}"), kind="yaml")
        assert made == YAML.replace(line, after)

    def test_members_and_items_go_with_their_lines(self) -> None:
        assert edited("- a\n- b # c\n- d\n", at("/1"), kind="yaml") == "- a\n- d\n"
        assert edited("- a: 1\n  b: 2\n", at("/0/a"), kind="yaml") == "- b: 2\n"
        assert edited("k:\n  - a\n", at("/k/0"), kind="yaml") == "k:\n  []\n"
        assert edited("k:\n  a: b\nl: c\n", at("/k/a"), kind="yaml") == "k:\n  {}\nl: c\n"

    def test_blank_lines_at_the_end_of_a_block_are_kept(self) -> None:
        text = "a: |\n  x\n\n  y\nb: c\n"
        assert edited(text, at("/a", "", 3, 5), kind="yaml") == "a: |+\n  x\n\nb: c\n"
        more = text.replace("y\n", "y\n\n")
        assert refused(more, at("/a", "", 3, 5), kind="yaml") == "the style of the scalar has no place for it"

    def test_line_breaks_are_those_of_the_text(self) -> None:
        text = "a:\r\n  b: |\r\n    x\r\n    y\r\n"
        made = edited(text, at("/a/b", "x\nq\ny\n"), at("/a/n", "v"), kind="yaml")
        assert made == 'a:\r\n  b: |\r\n    x\r\n    q\r\n    y\r\n  n: "v"\r\n'

    @pytest.mark.parametrize(
        ("edit", "why"),
        [
            (at("ALIAS", "x"), "an alias repeats the value elsewhere"),
            (at("ANCHOR", "x"), "an alias repeats the value elsewhere"),
            (at("FOLDED", "some\nlines\n"), "the style of the scalar has no place for it"),
            (at("FLOW", "x"), "there is no text to change"),
            (called("PLAIN", "SINGLE"), "there is a member SINGLE already"),
        ],
    )
    def test_is_left_alone_where_that_would_do_harm(self, edit: Edit, why: str) -> None:
        assert refused(YAML, edit._replace(pointer=f"/apps/0/labels/{edit.pointer}"), kind="yaml") == why

    def test_what_is_in_an_anchored_value_is_left_alone_only_where_it_is_repeated(self) -> None:
        text = "a: &x\n  b: c\nd: *x\n"
        assert refused(text, at("/a/b", "e"), kind="yaml") == "an alias repeats the value elsewhere"
        assert refused(text, at("/d/b", "e"), kind="yaml") == "an alias repeats the value elsewhere"
        assert edited(text.replace("*x", "y"), at("/a/b", "e"), kind="yaml") == "a: &x\n  b: e\nd: y\n"
        assert edited(text.replace("a: &x", "a: 1\nf: &x"), at("/a", "2"), kind="yaml").startswith('a: "2"')

    def test_a_comment_is_never_lost(self) -> None:
        assert refused("- a: 1 # why\n  b: 2\n", at("/0/a"), kind="yaml") == "something else stands on the same line"


STYLES: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "single": lambda text: "'{}'".format(text.replace("'", "''")),
    "double": json.dumps,
    "block": lambda text: "|\n" + "".join(f"    {line}\n" for line in text.split("\n")),
    "folded": lambda text: ">-\n" + "".join(f"    {line}\n" for line in text.split("\n")),
}
words = st.text(st.sampled_from("abc ,:#'\"\\\n-{}é\t"), max_size=10)


@given(words, words, st.sampled_from(sorted(STYLES)), st.data())
def test_the_edited_yaml_is_read_as_the_edited_value_or_nothing_is_done(
    before: str, new: str, style: str, data: st.DataObject
) -> None:
    text = f"k:\n  v: {STYLES[style](before)}\n  # more\n  w: x\n"
    document = documented(text, "yaml")
    try:
        value = load(document)
    except Exception:  # noqa: BLE001 - not every text can be written in every style
        return
    old = value["k"].get("v") if isinstance(value, dict) and isinstance(value["k"], dict) else None
    if not isinstance(old, str):
        return
    start = data.draw(st.integers(0, len(old)))
    edit = at("/k/v", new, start, data.draw(st.integers(start, len(old))))
    try:
        made = applied(text, replacements(document, [edit]))
    except CannotReplace:
        return
    assert load(documented(made, "yaml")) == intended(value, [edit])
    assert made.endswith("  w: x\n")


@pytest.mark.parametrize(("text", "kind"), [('{"one": 1, "two": 2}', "json"), ("one: 1\ntwo: 2\n", "yaml")])
def test_names_may_move_up_together(text: str, kind: Kind) -> None:
    both = (called("/one", "zero"), called("/two", "one"))
    assert edited(text, *both, kind=kind) == text.replace("one", "zero").replace("two", "one")
    swapped = (called("/one", "two"), called("/two", "one"))
    assert edited(text, *swapped, kind=kind) == text.replace("one", "-").replace("two", "one").replace("-", "two")


@pytest.mark.parametrize("edits", [[called("/two", "one")], [called("/one", "x"), called("/two", "x")]])
def test_two_members_are_never_called_alike(edits: list[Edit]) -> None:
    with pytest.raises(CannotReplace):
        edited('{"one": 1, "two": 2}', *edits)
