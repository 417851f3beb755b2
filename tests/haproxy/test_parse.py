"""A haproxy.cfg in sections and directives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.haproxy.parse import SECTION_KEYWORDS, parse

TEXT = """\
# written by hand
global
  maxconn 5000  # enough

.if version_atleast(3.1)
  tune.lua.bool-sample-conversion normal
.endif

defaults base
  mode "http"
frontend web from base
  bind *:80 ssl crt '/etc/ssl/a b.pem'
  use_backend web if { path /x } # it's fine
backend web
  server s1 "${HOST}:80" check
\tserver  s2 10.0.0.2:80
backend odd
  option httpchk GET "/
"""


def test_sections_know_kind_name_and_line() -> None:
    assert [(section.kind, section.name, section.line) for section in parse(TEXT).sections] == [
        ("global", "", 2),
        ("defaults", "base", 9),
        ("frontend", "web", 11),
        ("backend", "web", 14),
        ("backend", "odd", 17),
    ]
    assert [section.header for section in parse(TEXT).sections][:2] == ["global", "defaults base"]


def test_directives_know_their_words_line_and_section() -> None:
    bind, use_backend = parse(TEXT).sections[2].directives
    assert (bind.keyword, bind.line, bind.section) == ("bind", 12, "frontend web")
    assert bind.values == ("*:80", "ssl", "crt", "/etc/ssl/a b.pem")
    assert bind.args[3].raw == "'/etc/ssl/a b.pem'"
    assert bind.raw == "  bind *:80 ssl crt '/etc/ssl/a b.pem'"
    assert (use_backend.comment, use_backend.problem) == ("# it's fine", None)


def test_conditions_are_directives_of_the_section_they_stand_in() -> None:
    assert [directive.keyword for directive in parse(TEXT).sections[0].directives] == [
        "maxconn",
        ".if",
        "tune.lua.bool-sample-conversion",
        ".endif",
    ]


def test_a_line_that_cannot_be_read_keeps_its_problem() -> None:
    (option,) = parse(TEXT).sections[-1].directives
    assert (option.keyword, option.values) == ("option", ("httpchk", "GET"))
    assert option.problem is not None
    assert option.problem.column == 22


def test_directives_are_found_by_keyword() -> None:
    backend = parse(TEXT).find("web", "backend")
    assert backend is not None
    assert [server.values[0] for server in backend.named("server")] == ["s1", "s2"]


def test_sections_are_found_by_name_and_kind() -> None:
    config = parse(TEXT)
    found = [config.find("web"), config.find("web", "listen", "backend"), config.find("web", "listen")]
    assert [section and section.line for section in found] == [11, 14, None]


@pytest.mark.parametrize(
    ("line", "header"),
    [
        (1, None),
        (2, "global"),
        (8, "global"),
        (9, "defaults base"),
        (13, "frontend web"),
        (19, "backend odd"),
        (20, None),
    ],
)
def test_a_line_belongs_to_a_section(line: int, header: str | None) -> None:
    section = parse(TEXT).section_at(line)
    assert (section.header if section else None) == header


def test_what_stands_in_front_of_the_first_section_is_a_section_without_kind() -> None:
    config = parse(".notice hello\nfoo bar\nglobal\n")
    assert [(section.kind, section.line) for section in config.sections] == [("", 1), ("global", 3)]
    assert [directive.keyword for directive in config.directives()] == [".notice", "foo"]


@pytest.mark.parametrize("keyword", sorted(SECTION_KEYWORDS))
def test_every_kind_of_section_is_known(keyword: str) -> None:
    (section,) = parse(f"{keyword} x\n  anything\n").sections
    assert (section.kind, section.name, len(section.directives)) == (keyword, "x", 1)


def test_a_header_may_be_quoted_and_a_keyword_escaped() -> None:
    config = parse('"backend" "a b"\n  ba\\x6cance roundrobin\n')
    assert config.sections[0].header == "backend a b"
    assert config.sections[0].directives[0].keyword == "balance"


def test_words_behind_an_empty_one_are_none() -> None:
    (directive,) = parse('global\n maxconn 1 "" 2\n').sections[0].directives
    assert directive.values == ("1",)


def test_text_at_gives_lines_by_number() -> None:
    config = parse("global\n maxconn 1")
    assert [config.text_at(line) for line in (0, 1, 2, 3)] == ["", "global", " maxconn 1", ""]


@given(st.text())
def test_printing_gives_back_any_text(text: str) -> None:
    assert str(parse(text)) == text


LINES = st.text(alphabet=st.sampled_from("ab \t\r#\"'\\x4$${}.\0"), max_size=12)
HEADERS = st.sampled_from(["global", "backend b", " frontend 'f g'", "defaults", 'listen "', "cache\\ x"])


@given(st.lists(st.one_of(LINES, HEADERS), max_size=12).map("\n".join))
def test_every_word_of_the_text_is_in_a_directive_or_a_header(text: str) -> None:
    config = parse(text)
    assert str(config) == text
    heads = {section.line for section in config.sections if section.kind}
    said = {directive.line: directive for directive in config.directives()}
    for number, line in enumerate(config.lines, 1):
        empty = line.split("#")[0].strip(" \t\v\f\r") in {"", "\0"}
        assert empty or number in heads or number in said or "\0" in line
        assert number not in said or said[number].raw == line
