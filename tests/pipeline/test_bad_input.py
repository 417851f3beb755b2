"""What people hand in by mistake: each ends in a sentence that says where it is, and the other apps are served."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lbgen.errors import InputError
from lbgen.pipeline.inputs import read_hosts
from tests.pipeline.files import GOOD, GROUP, outcome, put

if TYPE_CHECKING:
    from pathlib import Path

NO_APPS = "bad.json:1:1: error[not-an-app] LBG151 this should be an app, a list of apps or a reply of Marathon, is"
# A text that is no app at all, and what is said of it.
DOCUMENTS: dict[str, tuple[str | bytes, str]] = {
    "an empty file": ("", "bad.json:1:1: error[unreadable] LBG950 the file is empty; expected JSON or YAML"),
    "blanks": (" \n ", "bad.json:1:1: error[unreadable] LBG950 the file is empty; expected JSON or YAML"),
    "a binary file": (
        b"\x7fELF\0\1",
        "bad.json:1:5: error[unreadable] LBG950 byte 5 is NUL: this is a binary file; expected text",
    ),
    "another encoding": (
        b'{"id": "/\xe4"}',
        "bad.json:1:10: error[unreadable] LBG950 byte 10 (0xe4) is not UTF-8; expected text in UTF-8",
    ),
    "UTF-16": (
        '{"id": "/a"}'.encode("utf-16"),
        "bad.json:1:1: error[unreadable] LBG950 the file is UTF-16; expected UTF-8",
    ),
    "malformed JSON": (
        '{\n  "id": "/a",\n  "labels": {,}\n}',
        "bad.json:3:14: error[invalid-json] LBG951 expected a key in double quotes or '}', found a comma",
    ),
    "half a file": (
        '{"id": "/a", "labels": {',
        "bad.json:1:25: error[invalid-json] LBG951 expected a key in double quotes or '}', found the end of the text",
    ),
    "a number": (
        "42",
        f"{NO_APPS} the number 42",
    ),
    "null": (
        "null",
        f"{NO_APPS} null",
    ),
    "another object": ('{"a": 1}', 'bad.json:1:1: error[not-an-app] LBG151 this is no app: it has no "id"'),
    "a pool": (
        '{"haproxy": {}}',
        (
            "bad.json:1:1: error[not-an-app] LBG151 this is an Edge-LB pool, not an app, and is skipped:"
            " lbgen haproxy from-pool reads it"
        ),
    ),
    "tasks": (
        '{"tasks": []}',
        "bad.json:1:1: error[not-an-app] LBG151 this is a reply of GET /v2/tasks, not an app: give it with --tasks",
    ),
    "an error of Marathon": (
        '{"message": "no"}',
        "bad.json:1:1: error[not-an-app] LBG151 this is an error message of Marathon",
    ),
    "apps that are no list": (
        '{"apps": {}}',
        'bad.json:1:10: error[wrong-type] LBG154 "apps" should be a list, is an object',
    ),
    "groups that are no groups": (
        '{"groups": [1]}',
        "bad.json:1:13: error[wrong-type] LBG154 this should be a group, is the number 1",
    ),
}


@pytest.mark.parametrize(("text", "said"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_file_that_holds_no_apps(tmp_path: Path, text: str | bytes, said: str) -> None:
    bad, good = put(tmp_path / "bad.json", text), put(tmp_path / "good.json", GOOD)
    alone, beside = outcome(bad), outcome(bad, good)
    assert (alone.said, alone.status) == ([said], 2)
    assert (beside.said, beside.status, beside.backends) == ([said], 1, ["good_20000"])


# What replaces a member of an app, and what is said of it behind where: each stands at `at` in the file.
APPS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no id": ({"id": None}, [("null", 'error[wrong-type] LBG154 "id" should be a string, is null')]),
    "an empty id": ({"id": ""}, [("{", 'error[not-an-app] LBG151 this is an app without an "id"')]),
    "an id of another type": ({"id": 7}, [("7", 'error[wrong-type] LBG154 "id" should be a string, is the number 7')]),
    "an id with a line break": (
        {"id": "/a\nb"},
        [
            (
                '"/a',
                (
                    "error[bad-app-id] LBG153 the app's id holds the character U+000A; the names that HAProxy takes are"
                    " made of letters, digits, and . _ : - (app /a\\nb)"
                ),
            )
        ],
    ),
    "labels that are null": (
        {"labels": None},
        [("null", 'error[app-shape] LBG110 "labels" should be an object, is null (app /bad)')],
    ),
    "a label that is no text": (
        {"labels": GROUP | {"HAPROXY_0_PORT": 80}},
        [
            (
                "80}",
                (
                    'error[wrong-type] LBG154 "HAPROXY_0_PORT" should be a string, is the number 80'
                    " (app /bad, label HAPROXY_0_PORT)"
                ),
            )
        ],
    ),
    "several wrong types": (
        {"ports": "80", "labels": []},
        [
            ('"80"', 'error[wrong-type] LBG154 "ports" should be a list, is the string "80" (app /bad)'),
            ("[]", 'error[wrong-type] LBG154 "labels" should be an object, is a list (app /bad)'),
        ],
    ),
    "a port that is no number": (
        {"ports": [20001, "http"]},
        [('"http"', 'error[wrong-type] LBG154 this should be a whole number, is the string "http" (app /bad)')],
    ),
    "a label that is no port": (
        {"labels": GROUP | {"HAPROXY_0_PORT": "https"}},
        [
            (
                '"https"',
                (
                    'error[bad-label-value] LBG155 HAPROXY_0_PORT should be a whole number, is "https"'
                    " (app /bad, label HAPROXY_0_PORT)"
                ),
            )
        ],
    ),
    "a value with a line break": (
        {"labels": GROUP | {"HAPROXY_0_BALANCE": "source\n  daemon"}},
        [
            (
                '"source',
                (
                    "error[bad-label-value] LBG155 "
                    "HAPROXY_0_BALANCE holds a line break (app /bad, label HAPROXY_0_BALANCE)"
                ),
            )
        ],
    ),
    "a template with a bad placeholder": (
        {"labels": GROUP | {"HAPROXY_0_FRONTEND_BACKEND_GLUE": "  use_backend {name}\n"}},
        [
            (
                "{name}",
                (
                    "error[bad-template] LBG550 HAPROXY_0_FRONTEND_BACKEND_GLUE the template FRONTEND_BACKEND_GLUE has"
                    " no placeholder {name} here; there are: {backend}"
                    " (app /bad, label HAPROXY_0_FRONTEND_BACKEND_GLUE)"
                ),
            )
        ],
    ),
    "a template with a section": (
        {"labels": GROUP | {"HAPROXY_0_BACKEND_HEAD": "backend {backend}\n listen x\n"}},
        [
            (
                "listen x",
                (
                    "error[bad-template] LBG550 HAPROXY_0_BACKEND_HEAD 'listen' would open a section of its own"
                    " (app /bad, label HAPROXY_0_BACKEND_HEAD)"
                ),
            )
        ],
    ),
}


@pytest.mark.parametrize(("members", "expected"), APPS.values(), ids=APPS)
def test_an_app_that_is_not_what_it_should_be(
    tmp_path: Path, members: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    text = json.dumps({"id": "/bad", "ports": [20001], "labels": GROUP, "tasks": GOOD["tasks"]} | members)
    said = [f"bad.json:1:{text.index(at) + 1}: {sentence}" for at, sentence in expected]
    path, good = put(tmp_path / "bad.json", text), put(tmp_path / "good.json", GOOD)
    alone, beside = outcome(path), outcome(path, good)
    assert (alone.said, alone.status) == (said, 2)
    assert (beside.said, beside.status, beside.backends) == (said, 1, ["good_20000"])


def test_a_label_that_is_no_text_is_told_with_what_to_do(tmp_path: Path) -> None:
    made = outcome(put(tmp_path / "x.json", GOOD | {"labels": {"HAPROXY_0_PORT": 80}}))
    assert made.generated.findings[0].help == "values of labels are strings: put it in double quotes"


def test_an_unknown_label_is_a_warning_and_leaves_nobody_out(tmp_path: Path) -> None:
    made = outcome(put(tmp_path / "x.json", GOOD | {"labels": GROUP | {"HAPROXY_0_VHOTS": "a.x"}}))
    assert (made.status, made.backends) == (0, ["good_20000"])
    (line,) = made.said
    assert "warning[label-unknown] LBG101 no load balancer reads a label of this name" in line
    assert line.endswith("(app /good, label HAPROXY_0_VHOTS)")


class TestDuplicates:
    def test_of_keys_are_told_and_the_last_counts(self, tmp_path: Path) -> None:
        text = json.dumps(GOOD | {"labels": {}}).replace(
            "{}", '{\n  "HAPROXY_GROUP": "internal",\n  "HAPROXY_GROUP": "external"\n}'
        )
        made = outcome(put(tmp_path / "x.json", text))
        assert made.said == [
            (
                'x.json:3:3: warning[duplicate-key] LBG156 "HAPROXY_GROUP" is given twice; the last one counts,'
                " the one in line 2 does not (app /good, label HAPROXY_GROUP)"
            )
        ]
        assert (made.status, made.backends) == (0, ["good_20000"])

    def test_of_apps_are_told_and_one_is_left_out(self, tmp_path: Path) -> None:
        other = GOOD | {"ports": [20001]}
        made = outcome(put(tmp_path / "1.json", GOOD), put(tmp_path / "2.json", other))
        assert made.said == [
            (
                "2.json:1:1: error[app-twice] LBG152 "
                "the app /good is described twice; this description is left out (app /good)"
            )
        ]
        assert (made.status, made.backends) == (1, ["good_20000"])

    def test_of_apps_leave_the_same_one_out_in_any_order(self, tmp_path: Path) -> None:
        first, second = put(tmp_path / "1.json", GOOD | {"ports": [20001]}), put(tmp_path / "2.json", GOOD)
        assert outcome(first, second).backends == outcome(second, first).backends == ["good_20000"]

    def test_of_ids_that_become_one(self, tmp_path: Path) -> None:
        fleet = [{"id": each, "labels": GROUP, "portDefinitions": [{"port": 20000}]} for each in ("web", "/web")]
        made = outcome(put(tmp_path / "x.json", fleet))
        assert (made.status, made.backends) == (1, ["web_20000"])


class TestNothingToDo:
    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        made = outcome(str(tmp_path / "none.json"))
        assert (made.said, made.status) == (["none.json: error[unreadable] LBG950 there is no such file"], 2)

    def test_a_file_that_cannot_be_read(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.symlink_to(path)
        made = outcome(str(path))
        assert made.status == 2
        assert made.said[0].startswith("x.json: error[unreadable] LBG950 the file cannot be read: ")

    def test_a_directory_without_documents(self, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()
        made = outcome(str(tmp_path / "sub"))
        assert (made.said, made.status) == (
            ["sub: error[unreadable] LBG950 this is a directory without a document in it; expected a file"],
            2,
        )

    @pytest.mark.parametrize("value", [[], {"apps": []}, {"id": "/", "groups": []}])
    def test_no_app_at_all(self, tmp_path: Path, value: Any) -> None:
        made = outcome(put(tmp_path / "x.json", value))
        assert (made.said, made.status) == (["lbgen: error[no-app] LBG956 there is no app to generate anything for"], 2)

    def test_no_app_in_the_group(self, tmp_path: Path) -> None:
        made = outcome(put(tmp_path / "x.json", GOOD | {"labels": {}}))
        said = 'error[no-app-in-group] LBG957 the app is not in the group "external": nothing is generated'
        assert (made.said, made.status) == ([f"x.json:1:1: {said} (app /good)"], 2)

    def test_deep_nesting_is_refused_in_words(self, tmp_path: Path) -> None:
        made = outcome(put(tmp_path / "x.json", "[" * 100_000 + "]" * 100_000))
        assert len(made.said) == 1
        assert made.status == 2
        assert "nest" in made.said[0]


class TestTasksFile:
    """Placeholders may not stand for tasks that cannot be read."""

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("{", "expected a key in double quotes or '}', found the end of the text"),
            ('{"apps": []}', "this should be a reply of GET /v2/tasks, is an object"),
            ("", "the file is empty; expected JSON or YAML"),
        ],
    )
    def test_that_is_none_ends_the_run(self, tmp_path: Path, text: str, sentence: str) -> None:
        with pytest.raises(InputError) as caught:
            outcome(put(tmp_path / "x.json", GOOD), tasks=(put(tmp_path / "tasks.json", text),))
        assert str(caught.value) == sentence
        assert caught.value.origin is not None
        assert caught.value.origin.document.endswith("tasks.json")

    def test_with_a_bad_task_leaves_that_one_out(self, tmp_path: Path) -> None:
        definition = {"id": "/good", "portDefinitions": [{"port": 20000}], "labels": GROUP}
        tasks = [{"appId": "/good", "host": "10.0.0.7", "ports": [1]}, {"appId": "/good", "host": 7, "ports": "x"}]
        path = put(tmp_path / "tasks.json", {"tasks": tasks})
        made = outcome(put(tmp_path / "x.json", definition), tasks=(path,))
        assert made.said == [
            (
                "tasks.json:1:93: error[wrong-type] LBG154 "
                '"host" should be a string, is the number 7; the task is left out'
            ),
            (
                "tasks.json:1:105: error[wrong-type] LBG154 "
                '"ports" should be a list, is the string "x"; the task is left out'
            ),
        ]
        assert made.status == 1
        assert made.text.count("  server ") == 1


class TestHostsFile:
    def test_answers_for_the_resolver(self, tmp_path: Path) -> None:
        path = put(tmp_path / "hosts.json", {"agent1": "10.1.1.1"})
        fleet = GOOD | {"tasks": [{"host": "agent1", "ports": [31000]}, {"host": "agent2", "ports": [31000]}]}
        made = outcome(put(tmp_path / "x.json", fleet), hosts=read_hosts(path))
        assert "10.1.1.1:31000" in made.text
        assert made.said == [
            (
                'x.json:1:124: warning[unresolved-host] LBG353 a task runs on "agent2", which does not resolve;'
                " the task is left out (app /good)"
            )
        ]

    @pytest.mark.parametrize("value", [[], {"a": 1}, "x"])
    def test_that_is_none_ends_the_run(self, tmp_path: Path, value: Any) -> None:
        with pytest.raises(InputError, match=r"^should be an object of addresses by host name$"):
            read_hosts(put(tmp_path / "hosts.json", value if not isinstance(value, str) else json.dumps(value)))
