"""What a label may put in place of a template: text for its own place in the file, and for no other."""

from __future__ import annotations

import pytest

from lbgen.haproxy.parse import SECTION_KEYWORDS
from lbgen.model.blanks import TemplateFault
from lbgen.render.override import GLOBAL_ONLY, check_override, opens_section


def problem(text: str, opens: str = "", *, in_line: bool = False) -> str:
    """What is said of the text, and the part of it that is at fault."""
    with pytest.raises(TemplateFault) as caught:
        check_override(text, opens, in_line=in_line)
    return f"{caught.value} <{text[caught.value.start : caught.value.end]}>"


ORDINARY = [
    "",
    "\n",
    "  option httplog\n",
    "  # backend in a comment\n",
    "  http-request set-header X backend\n",
    "  acl global path /\n",
    "  stats enable\n\n  log global\n",
    "  no option forwardfor\n",
    "\tbackends\n",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_directives_may_stand_there(text: str) -> None:
    check_override(text, "")


@pytest.mark.parametrize("keyword", sorted(SECTION_KEYWORDS))
def test_no_section_may_be_opened(keyword: str) -> None:
    line = f"  {keyword} x"
    assert problem(f"  option httplog\n{line}\n") == f"'{keyword}' would open a section of its own <{line.strip()}>"


@pytest.mark.parametrize(
    ("line", "keyword"),
    [
        ('"backend" x', "backend"),
        ("'backend' x", "backend"),
        ('back"end" x', "backend"),
        ("\\x62ackend x", "backend"),
        ('"\\x62ackend" x', "backend"),
        ("backend#x", "backend"),
        ("backend\tx", "backend"),
    ],
)
def test_no_spelling_of_a_section_gets_through(line: str, keyword: str) -> None:
    assert problem(line).startswith(f"'{keyword}' would open a section of its own")


@pytest.mark.parametrize("line", ['"$X" evil', '"${X-backend}" evil', 'back"${X-end}" evil', '  "${X[*]}"'])
def test_no_variable_may_say_what_a_line_is(line: str) -> None:
    assert problem(line) == f"begins with a variable, which may stand for anything <{line.strip()}>"


class TestHeads:
    def test_may_open_their_own_section(self) -> None:
        check_override("\n# mine\nbackend {backend}\n  mode http\n", "backend")

    def test_may_open_nothing_else(self) -> None:
        assert problem("frontend x\n", "backend") == "should begin with 'backend', not 'frontend' <frontend x>"

    def test_may_open_it_once(self) -> None:
        found = problem("backend x\nbackend y\n", "backend")
        assert found == "'backend' would open a section of its own <backend y>"

    def test_may_write_nothing_in_front_of_it(self) -> None:
        found = problem("  server s 10.0.0.1:1\nbackend x\n", "backend")
        assert found == "'backend' would open a section of its own <backend x>"

    @pytest.mark.parametrize(
        ("text", "opens"),
        [("", False), ("# x\n", False), ("\n backend x", True), ("'backend' x", True), ("mode http\nbackend x", False)],
    )
    def test_open_it_with_their_first_words(self, text: str, opens: bool) -> None:
        assert opens_section(text, "backend") is opens


@pytest.mark.parametrize(
    "word",
    [
        "chroot",
        "daemon",
        "lua-load",
        "lua-prepend-path",
        "server-state-base",
        "setenv",
        "ssl-load-extra-files",
        "tune.bufsize",
        "httpclient.timeout.connect",
        "nbthread",
    ],
)
def test_the_global_section_is_the_operators(word: str) -> None:
    expected = f"'{word}' belongs into the global section, which is the operator's <{word} 1>"
    assert problem(f"  {word} 1\n") == expected


def test_the_list_of_global_directives_holds_whole_words() -> None:
    assert not [word for word in GLOBAL_ONLY if word.endswith("-")]
    assert not GLOBAL_ONLY & SECTION_KEYWORDS


@pytest.mark.parametrize("word", [".if", ".elif", ".else", ".endif", ".alert"])
def test_nothing_is_decided_about_the_lines_of_others(word: str) -> None:
    assert problem(f"{word} 1") == f"'{word}' would decide about lines that are not the label's own <{word} 1>"


@pytest.mark.parametrize("char", ["\0", "\x0b", "\r", "\x1b", "\x7f", "\ud800", "\ufdd0", "\uffff"])
def test_what_is_no_text_is_refused(char: str) -> None:
    assert problem(f"  a{char}b") == f"holds the character U+{ord(char):04X} <{char}>"


class TestPartsOfALine:
    """Options of a server are written behind its address."""

    def test_may_begin_with_any_word(self) -> None:
        check_override("\n  resolvers mine check\n", "", in_line=True)
        assert problem("resolvers mine check\n").startswith("'resolvers' would open")

    @pytest.mark.parametrize(
        "text", ["check\nbackend x", "\n check\nbackend x", "# x\nbackend x", "\n\nbackend y\nbackend x"]
    )
    def test_may_not_begin_further_lines_so(self, text: str) -> None:
        assert problem(text, in_line=True) == "'backend' would open a section of its own <backend x>"
