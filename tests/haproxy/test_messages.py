"""What HAProxy says, and which line it means.

`said/NAME.cfg` was given to HAProxy 2.2, 2.6, 3.0 and 3.2 (`-c -V -dD -dr`), `said/NAME-VERSION.txt` is what they
printed. A comment `#! LEVEL ...` marks the lines that they complain about; `VERSION:LEVEL` is for one version only.
"""

from pathlib import Path

import pytest

from lbgen.haproxy.locate import locate
from lbgen.haproxy.messages import Level, Message, parse_messages
from lbgen.haproxy.parse import parse

SAID = Path(__file__).parent / "said"
SAMPLES = sorted(SAID.glob("*.txt"))


def expected(config: str, version: str) -> set[tuple[int, str]]:
    """The lines and levels that the comments of the configuration announce for a version."""
    found = set()
    for number, line in enumerate(config.splitlines(), 1):
        marks = line.partition("#!")[2].split()
        for mark in marks:
            only, _, level = mark.rpartition(":")
            if only in {"", version}:
                found.add((number, level))
    return found


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_message_leads_to_its_line(sample: Path) -> None:
    name, _, version = sample.stem.partition("-")
    text = (SAID / f"{name}.cfg").read_text()
    config = parse(text)
    said = parse_messages(sample.read_text(), "/haproxy.cfg")
    assert {(locate(message, config), str(message.severity)) for message in said} == expected(text, version)


@pytest.mark.parametrize("name", ["words", "places"])
def test_all_versions_have_their_say(name: str) -> None:
    assert sorted(path.stem.partition("-")[2] for path in SAID.glob(f"{name}-*")) == ["2.2", "2.6", "3.0", "3.2"]


def one(output: str, name: str | None = None) -> Message:
    (message,) = parse_messages(output, name)
    return message


def test_a_message_is_taken_apart() -> None:
    message = one(
        "[ALERT]    (7) : config : [/f:19] : 'server b/t' : unknown keyword 'foo'; did you mean 'tfo' maybe ?"
    )
    assert message.severity is Level.ALERT
    assert (message.line, message.proxy, message.server) == (19, "b", "t")
    assert message.text == "'server b/t' : unknown keyword 'foo'; did you mean 'tfo' maybe ?"
    assert message.raw.startswith("config : [/f:19] : 'server")


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("parsing [/f:12] : what", 12),
        ("parsing [/f:12]: what", 12),
        ("Parsing [/f:12]: what", 12),
        ("config : parsing [/f:12] : what", 12),
        ("config : [/f:12] : what", 12),
        ("config : [/f:12] : parsing [/f:12] : what", 12),
        ("config : config: what", None),
        ("what", None),
        ("config : parsing [/other:12] : what", None),
        ("config : parsing [C:\\a b]:12] : what", None),
    ],
)
@pytest.mark.parametrize("start", ["[ALERT] 324/120000 (7) : ", "[ALERT]    (7) : "])
def test_the_place_is_taken_off_the_text(start: str, said: str, line: int | None) -> None:
    message = one(start + said, "/f")
    assert message.line == line
    assert message.text.endswith("what")
    assert message.text == "what" or line is None


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("Proxy 'f': no SSL certificate specified for bind ':3' at [/f:7] (use 'crt').", 7),
        ("Proxy 'b', server 't' [/f:9] verify is enabled by default but no CA file specified.", 9),
        ("http frontend 'f' (/f:1) tries to use incompatible tcp backend 'y' (/f:5) as its default backend", 1),
        ("Parsing [/f:10]: backend 'f' has the same name as backend 'f' declared at /f:5.", 10),
    ],
)
def test_a_place_may_stand_within_the_text(said: str, line: int) -> None:
    assert one(f"[ALERT]    (7) : {said}").line == line


@pytest.mark.parametrize(
    ("said", "proxy", "server"),
    [
        ("Proxy 'f': unable to find required use_backend: 'x'.", "f", None),
        ("config : Proxy 'f': unable to find sync peers 'nope'.", "f", None),
        ("backend 'b', server 't': unable to find required resolvers 'nope'", "b", "t"),
        ("config: backend 'b': server 'q' has neither service port nor check port", "b", "q"),
        ("parsing [/f:7] : 'server s' : could not resolve address 'x'.", None, "s"),
        ("userlist 'u': no such group 'g' specified in user 'a'", "u", None),
        ("missing timeouts for frontend 'f'.", "f", None),
        ("unable to find userlist 'n' referenced in arg 1 of ACL keyword 'http_auth' in proxy 'f'.", "n", None),
        ("Removing incomplete section 'peers p' (no peer named 'vm').", None, None),
    ],
)
def test_names_in_a_message(said: str, proxy: str | None, server: str | None) -> None:
    message = one(f"[WARNING]  (7) : {said}")
    assert (message.proxy, message.server) == (proxy, server)


def test_lines_that_continue_a_message_are_joined() -> None:
    output = (
        "[WARNING]  (7) : config : missing timeouts for frontend 'f'.\n"
        "   | While not properly invalid, you will certainly\n"
        "   | encounter various problems.\n"
        "[NOTICE]   (7) : config : parsing [/f:1]: 'hi'.\n"
    )
    first, second = parse_messages(output)
    assert first.text == (
        "missing timeouts for frontend 'f'. While not properly invalid, you will certainly encounter various problems."
    )
    assert (second.severity, second.text) == (Level.NOTICE, "'hi'.")


def test_the_line_that_haproxy_points_into_is_no_part_of_the_text() -> None:
    message = one(
        '[ALERT]    (7) : config : parsing [/f:5]: unmatched quote at position 13:\n  mode http "\n            ^\n'
    )
    assert message.text == "unmatched quote at position 13"


def test_lists_of_keywords_are_no_part_of_the_text() -> None:
    said = "[ALERT] 324/120000 (7) : parsing [/f:5] : 'bind :1' unknown keyword 'x'. Registered keywords :\n"
    assert one(f"{said}    [ SSL] alpn <arg>\n    [ SSL] ca-file <arg>\n").text == "'bind :1' unknown keyword 'x'."


def test_summaries_are_dropped() -> None:
    output = (
        "[NOTICE]   (7) : haproxy version is 2.6.12\n"
        "[NOTICE]   (7) : path to executable is /usr/sbin/haproxy\n"
        "[ALERT]    (7) : config : parsing [/f:1]: unknown keyword 'x' out of section.\n"
        "[ALERT]    (7) : config : Failed to initialize server(s) addr.\n"
        "[ALERT]    (7) : config : Error(s) found in configuration file : /f\n"
        "[ALERT]    (7) : config : Fatal errors found in configuration.\n"
        "Warnings were found.\n"
        "Configuration file is valid\n"
        "Configuration file has no error but will not start (no listener) => exit(2).\n"
    )
    assert [message.text for message in parse_messages(output)] == ["unknown keyword 'x' out of section."]


def test_giving_up_is_about_no_line() -> None:
    assert one("[ALERT]    (7) : config : parsing [/f:52]: too many fatal errors (50), stopping now.").line is None


def test_anything_else_is_no_message() -> None:
    assert parse_messages("") == []
    assert parse_messages("hello\n[WARN] x\n[ALERT] no process id\n") == []


CONFIG = parse(
    """\
defaults
  cookie c insert
frontend web
  use_backend a
  default_backend b
backend web
  server s 10.0.0.1:80 cookie x
listen other
  server s 10.0.0.2:80
  stick-table type ip size 1m peers mine
"""
)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("Proxy 'web': unable to find required default_backend: 'b'.", 5),
        ("Proxy 'web': unable to find required use_backend: 'a'.", 4),
        ("backend 'web' : ignoring cookie for server 's' as HTTP mode is disabled.", 7),
        ("'server other/s' : what", 9),
        ("Proxy 'other': unable to find sync peers 'mine'.", 10),
        ("missing timeouts for frontend 'web'.", 3),
        ("missing timeouts for backend 'web'.", 6),
        ("missing timeouts for backend 'unknown'.", None),
        ("something about 'mine'", 10),
        ("something about the server", None),
    ],
)
def test_lines_are_found_by_what_a_message_names(said: str, line: int | None) -> None:
    assert locate(one(f"[WARNING]  (7) : {said}"), CONFIG) == line


def test_several_that_are_told_together_are_told_apart() -> None:
    said = parse_messages(
        "[ALERT]    (1) : config : multiple argument resolution errors:\n"
        "        parsing [/m/c.cfg:10]: unable to find table 'a' referenced in arg 1 of ACL keyword 'c' in proxy 'b'.\n"
        "        parsing [/m/c.cfg:11]: no userlist 'd' referenced in arg 1 of ACL keyword 'e' in proxy 'b'.\n"
        "[ALERT]    (1) : config : Fatal errors found in configuration.\n"
    )
    assert [(each.line, each.text.partition(" referenced")[0]) for each in said] == [
        (10, "unable to find table 'a'"),
        (11, "no userlist 'd'"),
    ]
