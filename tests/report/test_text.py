"""What a person reads: compared whole."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lbgen.finding import ConfigLine, Finding, Severity
from lbgen.origin import Origin
from lbgen.source import Document
from tests.report.samples import HAND_WRITTEN, NOT_A_PORT, OPTIONS, WRONG_SECTION, document, written


def test_all() -> None:
    assert (
        written()
        == """\
kubectl-proxy.json:5:67: warning[directive-wrong-section] LBG507 'timeout client' has no effect in a backend
   |
5  |     "HAPROXY_0_BACKEND_SERVER_OPTIONS": "  timeout connect 10s\\n  timeout client 86400s\\n  timeout t ...
   |                                                                   ^^^^^^^^^^^^^^^^^^^^^ this line of the label
   ::: haproxy.cfg:112, in backend kubectl-proxy_6443
112|   timeout client 86400s
   = app: /kubectl-proxy, label HAPROXY_0_BACKEND_SERVER_OPTIONS
   = help: the frontend's own timeout applies; drop the line, or set it in HAPROXY_0_FRONTEND_HEAD

web.json:2:31: error[bad-label-value] LBG155 expected a port from 1 to 65535, found 'https'
   |
2  |  "labels": {"HAPROXY_0_PORT": "https"}}
   |                               ^^^^^^^
   ::: kubectl-proxy.json:2:9, /kubectl-proxy
2  |   "id": "/kubectl-proxy",
   |         ^^^^^^^^^^^^^^^^
   = app: /web, label HAPROXY_0_PORT

lbgen: info[no-resolver] names are not resolved by this check

broken.json:3:7: error[bad-input] expected a value, found 'None'
   = help: JSON writes null

no.json: error[bad-input] there is no such file

old.cfg: warning[no-bind] nothing to listen on

old.cfg:7:2: error[unknown-directive] unknown keyword 'blance' in 'backend' section
   |
7  |     blance roundrobin
   |     ^^^^^^^^^^^^^^^^^
   = app: /web, label HAPROXY_0_BALANCE

4 errors, 2 warnings, 1 info in 5 files; lbgen rule CODE explains each
"""
    )


def test_nothing_to_say() -> None:
    assert written([]) == ""


def test_one_of_each_has_no_plural() -> None:
    assert written([NOT_A_PORT]).splitlines()[-1] == "1 error in 1 file; lbgen rule LBG155 explains it"


def test_in_colours() -> None:
    assert written([replace(HAND_WRITTEN, help="it is spelled 'balance'")], color=True) == (
        "\x1b[1mold.cfg:7:2\x1b[0m: \x1b[1;31merror[unknown-directive]\x1b[0m "
        "\x1b[1munknown keyword 'blance' in 'backend' section\x1b[0m\n"
        "\x1b[1;34m   |\x1b[0m\n"
        "\x1b[1;34m7  |\x1b[0m     blance roundrobin\n"
        "\x1b[1;34m   |\x1b[0m     \x1b[1;31m^^^^^^^^^^^^^^^^^\x1b[0m\n"
        "\x1b[1;34m   =\x1b[0m \x1b[1mapp:\x1b[0m /web, label HAPROXY_0_BALANCE\n"
        "\x1b[1;34m   =\x1b[0m \x1b[1mhelp:\x1b[0m it is spelled 'balance'\n"
        "\n"
        "1 error in 1 file\n"
    )


def found(text: str, pointer: str = "/labels/L", start: int | None = None, end: int | None = None) -> list[str]:
    """The source lines of a finding in an app.json of that text."""
    finding = Finding("rule", Severity.ERROR, "message", Origin("app.json", pointer, None, start, end))
    return written([finding], documents=[document(text)]).split("\n   = label")[0].splitlines()[1:4]


def test_a_config_line_whose_text_is_not_known() -> None:
    finding = replace(HAND_WRITTEN, config=ConfigLine("old.cfg", 7, "backend web"))
    assert written([finding]).splitlines()[:2] == [
        "old.cfg:7:1: error[unknown-directive] unknown keyword 'blance' in 'backend' section",
        "   = app: /web, label HAPROXY_0_BALANCE",
    ]


def test_the_gutter_is_as_wide_as_the_longest_line_number() -> None:
    config = ConfigLine("haproxy.cfg", 12345, "backend b", "  x")
    text = "\n" * 98 + '{"id": "/a"}'
    finding = Finding("rule", Severity.ERROR, "message", Origin("app.json", "/id"), config, "do")
    assert written([finding], documents=[document(text)]).splitlines()[1:-2] == [
        "     |",
        '99   | {"id": "/a"}',
        "     |        ^^^^",
        "     ::: haproxy.cfg:12345, in backend b",
        "12345|   x",
        "     = help: do",
    ]


def test_a_config_line_without_number_or_text() -> None:
    for config in (ConfigLine("haproxy.cfg", 0, "backend b", "x"), ConfigLine("haproxy.cfg", 0, "backend b")):
        finding = replace(NOT_A_PORT, related=(), config=config)
        assert written([finding]).splitlines()[4:6] == [
            "   ::: haproxy.cfg, in backend b",
            "   = app: /web, label HAPROXY_0_PORT",
        ]
    finding = replace(NOT_A_PORT, related=(), config=ConfigLine("haproxy.cfg", 3))
    assert written([finding]).splitlines()[4:6] == ["   ::: haproxy.cfg:3", "   = app: /web, label HAPROXY_0_PORT"]


def test_what_is_not_there_is_shown_at_its_nearest_parent() -> None:
    assert found('[{"labels": {}}]', "/0/labels/NO")[1:] == ['1  | [{"labels": {}}]', "   |             ^^"]
    assert found('[{"labels": null}]', "/0/labels/NO/MORE")[1:] == ['1  | [{"labels": null}]', "   |             ^^^^"]
    assert found("[]", "/0/labels/NO")[1:] == ["1  | []", "   | ^^"]


def test_a_value_of_several_lines_is_shown_by_its_first() -> None:
    assert found('{"labels": {\n}\n}', "/labels")[1:] == ['1  | {"labels": {', "   |            ^"]


def test_an_empty_stretch_has_one_caret() -> None:
    assert found('{"labels": {"L": "ab"}}', start=1, end=1)[2] == "   |                    ^"
    assert found('{"labels": {"L": ""}}', start=0, end=0)[2] == "   |                   ^"


def test_a_document_that_cannot_be_parsed_is_shown_as_a_whole() -> None:
    assert found('{"id" 1}', "/id")[1:] == ['1  | {"id" 1}', "   | ^^^^^^^^"]


def test_the_whole_of_a_label_needs_no_caption() -> None:
    assert found(r'{"labels": {"L": "a\nb"}}')[2] == "   |                  ^^^^^^"


def test_the_only_line_of_a_label_needs_no_caption() -> None:
    assert found('{"labels": {"L": "a b"}}', start=2, end=3)[2] == "   |                     ^"


def test_a_line_of_a_label_is_shown_without_its_indentation() -> None:
    assert found(r'{"labels": {"L": "a\n  b \nc"}}', start=2, end=6)[2] == (
        "   |                        ^ this line of the label"
    )


def test_a_blank_line_of_a_label() -> None:
    assert found(r'{"labels": {"L": "a\n  \nc"}}', start=2, end=4)[2] == (
        "   |                      ^^ this line of the label"
    )


def test_a_line_of_a_yaml_block() -> None:
    text = "labels:\n  L: |\n    one\n    two\n"
    finding = Finding("rule", Severity.ERROR, "message", Origin("app.yaml", "/labels/L", None, 4, 7))
    made = Document("app.yaml", text, text.encode(), "yaml")
    assert written([finding], documents=[made]).splitlines()[:4] == [
        "app.yaml:4:5: error[rule] message",
        "   |",
        "4  |     two",
        "   |     ^^^ this line of the label",
    ]


def test_an_origin_may_point_at_a_key() -> None:
    made = document('{"labels": {"HAPROXY_PROT": "1"}}')
    key = made.span("/labels/HAPROXY_PROT", key=True)
    assert key is not None
    origin = Origin("app.json", "/labels/HAPROXY_PROT", "/a", position=key.start)
    finding = Finding("label-unknown", Severity.WARNING, "there is no such label", origin)
    assert written([finding], documents=[made]).splitlines()[:5] == [
        "app.json:1:13: warning[label-unknown] LBG101 there is no such label",
        "   |",
        '1  | {"labels": {"HAPROXY_PROT": "1"}}',
        "   |             ^^^^^^^^^^^^^^",
        "   = app: /a, label HAPROXY_PROT",
    ]


def test_a_position_in_a_text_that_cannot_be_parsed() -> None:
    made = document('{"a": None}')
    finding = Finding("bad-input", Severity.ERROR, "no", Origin("app.json", position=made.position(6)))
    assert written([finding], documents=[made]).splitlines()[1:4] == ["   |", '1  | {"a": None}', "   |       ^"]


@pytest.mark.parametrize("start", [0, 10, 500_000, 999_990])
def test_a_huge_label_is_cut(start: int) -> None:
    text = json.dumps({"labels": {"L": "x" * 1_000_000}})
    lines = found(text, start=start, end=start + 10)
    assert max(map(len, lines)) < 125
    assert lines[2].count("^") == 10


def test_where_a_long_line_is_cut() -> None:
    letters = "abcdefghij" * 1000
    text = json.dumps({"labels": {"L": letters}})
    assert found(text, start=3, end=5)[1:] == [
        f'1  | {{"labels": {{"L": "{letters[:82]} ...',
        "   |                      ^^",
    ]
    assert found(text, start=5000, end=5002)[1:] == [
        f"1  | ...{letters[4912:5012]} ...",
        "   | " + " " * (3 + 88) + "^^",
    ]
    assert found(text, start=9990, end=10000)[1:] == [
        f'1  | ...{letters[9903:]}"}}}}',
        "   | " + " " * (3 + 87) + "^" * 10,
    ]


def test_a_stretch_longer_than_a_line_is_cut() -> None:
    text = json.dumps({"labels": {"L": "x" * 1000}})
    assert found(text)[1:] == [
        f'1  | {{"labels": {{"L": "{"x" * 80} ...',
        "   | " + " " * 17 + "^" * 81,
    ]


@pytest.mark.parametrize(
    ("before", "shown", "indent"),
    [
        ("é", "é", 1),
        ("日本", "日本", 4),
        ("\N{GRINNING FACE}", "\N{GRINNING FACE}", 2),
        ("e\u0301", "e\u0301", 1),
        ("\u2764\ufe0f", "\u2764", 1),
        ("\u202e", "<U+202E>", 8),
        ("\u200b", "<U+200B>", 8),
        ("\x7f", "<U+007F>", 8),
        ("\x9b", "<U+009B>", 8),
        ("\u2028", "<U+2028>", 8),
        ("\ue000", "<U+E000>", 8),
        ("\U000e0001", "<U+E0001>", 9),
    ],
)
def test_carets_stand_under_what_they_mean(before: str, shown: str, indent: int) -> None:
    lines = found(f'{{"labels": {{"L": "{before}!"}}}}', start=len(before), end=len(before) + 1)
    assert lines[1:] == [f'1  | {{"labels": {{"L": "{shown}!"}}}}', "   | " + " " * (18 + indent) + "^"]


def test_tabs_are_shown_as_blanks() -> None:
    assert found('{"labels":\n\t{"L":\t"a"}}')[1:] == ['2  |     {"L":    "a"}}', "   |              ^^^"]


def test_nothing_of_a_users_reaches_the_terminal_raw() -> None:
    evil = "\x1b]0;owned\x07\r\n\x1b[2J"
    origin = Origin(f"app{evil}.json", "/id", f"/app{evil}")
    config = ConfigLine(f"cfg{evil}", 3, f"backend {evil}", f"  server {evil}")
    finding = Finding("rule", Severity.ERROR, f"bad {evil}", origin, config, f"drop {evil}", (origin,))
    made = document('{"id": "\x9b2J"}', f"app{evil}.json")
    for name in ("text", "concise", "github"):
        said = written([finding], name, documents=[made])
        assert set(said) - {"\n"} == {char for char in said if char.isprintable()}
    shown = "<U+001B>]0;owned<U+0007>\\r\\n<U+001B>[2J"
    line = "<U+001B>]0;owned<U+0007><U+000D><U+000A><U+001B>[2J"
    assert (
        written([finding], documents=[made])
        == f"""\
app{shown}.json:1:8: error[rule] bad {shown}
   |
1  | {{"id": "<U+009B>2J"}}
   |        ^^^^^^^^^^^^
   ::: app{shown}.json:1:8, /app{shown}
1  | {{"id": "<U+009B>2J"}}
   |        ^^^^^^^^^^^^
   ::: cfg{shown}:3, in backend {shown}
3  |   server {line}
   = app: /app{shown}
   = help: drop {shown}

1 error in 1 file
"""
    )


def test_origins_that_are_narrowed_beyond_their_value() -> None:
    finding = replace(WRONG_SECTION, origin=OPTIONS.narrowed(5000, 6000), config=None, help="")
    assert written([finding]).splitlines()[0].startswith("kubectl-proxy.json:5:")


def test_texts_beyond_reading_are_cut() -> None:
    finding = Finding("bad-port", Severity.ERROR, f"the port {'9' * 4000} is none", help=f"take {'8' * 4000} away")
    heading, help_ = written([finding]).splitlines()[:2]
    assert heading.startswith("lbgen: error[bad-port] LBG250 the port 999")
    assert heading.endswith("9 is none")
    assert help_.endswith("8 away")
    assert max(len(heading), len(help_)) < 900
