"""Edits of a JSON text: what is edited changes, and everything else stays as it was written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.source import Document, load
from lbgen.source.editing import Edit, edited


def edit(text: str, **edits: Edit) -> str:
    """The text with edits of its top-level members; the one called `top` is the document itself."""
    document = Document("x.json", text, text.encode(), "json")
    pointers = {"" if name == "top" else f"/{name}": change for name, change in edits.items()}
    return edited(document, load(document), pointers)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a": 1}', '{"a": 1, "new": "x"}'),
        ('{"a":1,"b":2}', '{"a":1,"b":2, "new":"x"}'),
        ('{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "new": "x"\n}\n'),
        ('{\n\t"a" : 1,\n\t"b" : 2 }', '{\n\t"a" : 1,\n\t"b" : 2,\n\t"new" : "x" }'),
        ('{\r\n  "a": 1\r\n}', '{\r\n  "a": 1,\r\n  "new": "x"\r\n}'),
        ("{}", '{"new": "x"}'),
        ("{ }", '{"new": "x"}'),
    ],
)
def test_a_new_member_is_written_as_the_others_are(before: str, after: str) -> None:
    assert edit(before, top=Edit({"new": "x"})) == after


def test_a_member_that_is_there_gets_the_new_value_in_its_place() -> None:
    text = '{"a": 1,   "b" : [2, 3] , "c": 4}'

    assert edit(text, top=Edit({"b": "x"})) == '{"a": 1,   "b" : "x" , "c": 4}'


@pytest.mark.parametrize(
    ("key", "after"),
    [
        ("a", '{\n  "b": 2,\n  "c": 3\n}'),
        ("b", '{\n  "a": 1,\n  "c": 3\n}'),
        ("c", '{\n  "a": 1,\n  "b": 2\n}'),
    ],
)
def test_a_member_can_be_dropped_wherever_it_stands(key: str, after: str) -> None:
    assert edit('{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}', top=Edit(without=frozenset({key}))) == after


def test_an_object_can_lose_everything() -> None:
    assert edit('{ "a": 1 }', top=Edit(without=frozenset({"a"}))) == "{}"


def test_an_object_can_lose_one_member_for_another() -> None:
    assert edit('{"a": 1}', top=Edit({"b": 2}, frozenset({"a"}))) == '{"b": 2}'


def test_an_object_that_is_not_there_is_made() -> None:
    assert edit('{"a": 1}', labels=Edit({"b": "x"})) == '{"a": 1, "labels": {"b": "x"}}'
    assert edit('{"labels": null}', labels=Edit({"b": "x"})) == '{"labels": {"b": "x"}}'


def test_of_a_key_that_stands_twice_the_last_one_stays() -> None:
    assert edit('{"a": 1, "b": 2, "a": 3}', top=Edit({"c": 4})) == '{"b": 2, "a": 3, "c": 4}'


def test_several_objects_of_one_document_are_edited_together() -> None:
    text = '[{"labels": {"a": "1"}}, {"labels": {}}]'
    document = Document("x.json", text, text.encode(), "json")
    made = edited(document, load(document), {"/0/labels": Edit({"b": "2"}), "/1/labels": Edit({"c": "3"})})

    assert made == '[{"labels": {"a": "1", "b": "2"}}, {"labels": {"c": "3"}}]'


keys = st.text(st.characters(codec="utf-8", exclude_characters="\ufdd0\ufdd1\ufdd2"), max_size=4)
values = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), keys, st.lists(st.integers(0, 3), max_size=3))
objects = st.dictionaries(keys, values, max_size=5)


@given(objects, objects, st.frozensets(keys, max_size=3), st.sampled_from([None, 0, 2]))
def test_the_value_of_the_new_text_is_what_was_asked_for(
    before: dict[str, Any], members: dict[str, Any], without: frozenset[str], indent: int | None
) -> None:
    dropped = without | set(list(before)[:1])
    made = edit(json.dumps(before, indent=indent), top=Edit(members, dropped))

    assert json.loads(made) == {key: value for key, value in before.items() if key not in dropped} | members
