"""Words of a line, as HAProxy reads them; what is claimed here is held against the real one in integration/check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.haproxy.words import LexError, Variable, Word, lex, read_line


def texts(line: str) -> list[str]:
    return [word.text for word in lex(line)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        (" \t\v\f ", []),
        ("  bind *:80", ["bind", "*:80"]),
        ("mode\thttp", ["mode", "http"]),
        ("a\\ b c", ["a b", "c"]),
        ("a\\#b", ["a#b"]),
        ("a\\\\b", ["a\\b"]),
        ("a\\\"b a\\'b", ['a"b', "a'b"]),
        ("a\\nb\\rc\\td", ["a\nb\rc\td"]),
        ("a\\x41b", ["aAb"]),
        ("\\xc3\\xa9", ["é"]),
        ("\\xff", ["\udcff"]),
        ("a\\x00b c", ["a", "c"]),
        ("a\\qb a\\$b a\\X41", ["a\\qb", "a\\$b", "a\\X41"]),
        ('a"b c"d', ["ab cd"]),
        ('"a\\"b\\ \\#\\n\\q"', ['a"b #\n\\q']),
        ('"\\$HOME"', ["$HOME"]),
        ("a$HOME", ["a$HOME"]),
        ("'b c'", ["b c"]),
        ("'b\\\\ \\x41 $HOME # \"'", ['b\\\\ \\x41 $HOME # "']),
        ('a"\'"b', ["a'b"]),
        ('a "" b', ["a", "", "b"]),
        ("a\\", ["a\\"]),
        ("a \\", ["a", "\\"]),
        ("a\\\tb", ["a\\", "b"]),
        ("a\xa0b é", ["a\xa0b", "é"]),
    ],
)
def test_words_are_cut_at_blanks_and_decoded(line: str, words: list[str]) -> None:
    assert texts(line) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("maxconn 1\rfoo", ["maxconn", "1"]),
        ("maxconn 1\r", ["maxconn", "1"]),
        ("maxconn \r1", ["maxconn", "1"]),
        ("\rmaxconn 1", ["maxconn", "1"]),
        ("maxconn 1\nfoo", ["maxconn", "1"]),
        ("maxconn 1\0foo", ["maxconn", "1"]),
    ],
)
def test_a_carriage_return_ends_the_line_except_next_to_blanks(line: str, words: list[str]) -> None:
    assert texts(line) == words


@pytest.mark.parametrize(
    ("line", "words", "comment"),
    [
        ("# all of it", [], 0),
        ("a#b c", ["a"], 1),
        ("a #b", ["a"], 2),
        ("a\\\\#b", ["a\\"], 3),
        ("a\\ #b", ["a "], 3),
        ("a \"#\" '#' \\#", ["a", "#", "#", "#"], None),
    ],
)
def test_a_sharp_outside_of_quotes_starts_a_comment(line: str, words: list[str], comment: int | None) -> None:
    lexed = read_line(line)
    assert [word.text for word in lexed.words] == words
    assert lexed.comment == comment


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        ("  a'b", "unmatched quote", 4),
        ('  a"b\\"', "unmatched quote", 4),
        ('  a"b\\', "unmatched quote", 4),
        ('  a"b\rc"', "unmatched quote", 4),
        ('  a"${X}y" "${X}', "unmatched quote", 12),
        ("  a\\x4", "truncated or invalid hexadecimal sequence", 4),
        ('  a"\\xzz"', "truncated or invalid hexadecimal sequence", 5),
        ('  a"$"', "forbidden first character in the name of a variable", 6),
        ('  a"${}"', "forbidden first character in the name of a variable", 7),
        ('  a"${1X}"', "forbidden first character in the name of a variable", 7),
        ('  a"${.FOO}"', "forbidden first character in the name of a variable", 7),
        ('  a"${HOME"', "unmatched brace in the name of a variable", 6),
        ('  a"${HO ME}"', "unmatched brace in the name of a variable", 6),
        ('  a"${X[0]}"', "truncated or invalid word expansion sequence", 8),
        ('  a"${NOPE:-q}"', "unmatched brace in the name of a variable", 6),
    ],
)
def test_what_haproxy_refuses_has_its_column(line: str, reason: str, column: int) -> None:
    with pytest.raises(LexError) as caught:
        lex(line)
    assert (caught.value.reason, caught.value.column) == (reason, column)
    assert str(caught.value) == f"{reason} at column {column}"


def test_words_in_front_of_a_problem_are_kept() -> None:
    lexed = read_line("bind *:80 'x")
    assert [word.text for word in lexed.words] == ["bind", "*:80"]
    assert lexed.error is not None


def test_a_word_knows_where_it_stands() -> None:
    assert lex('  a "b c"d # e') == [Word("a", "a", 2, 3), Word("b cd", '"b c"d', 4, 10)]


def test_variables_are_marked_and_left_alone() -> None:
    line = 'bind ":${PORT0}" "$A${B-x y}${C[*]}${.LINE}"'
    first, second = lex(line)[1:]
    assert first.text == ":${PORT0}"
    assert first.variables == (Variable("PORT0", None, splits=False, start=7, end=15),)
    assert [(v.name, v.default, v.splits) for v in second.variables] == [
        ("A", None, False),
        ("B", "x y", False),
        ("C", None, True),
        (".LINE", None, False),
    ]
    assert [line[v.start : v.end] for v in second.variables] == ["$A", "${B-x y}", "${C[*]}", "${.LINE}"]


@given(st.text(alphabet=st.sampled_from("ab \t\r#\"'\\x41$${}nN-[*]é"), max_size=30))
def test_every_line_is_read_or_refused(line: str) -> None:
    lexed = read_line(line)
    end = 0
    for word in lexed.words:
        assert word.raw == line[word.start : word.end]
        assert end <= word.start < word.end
        end = word.end
    assert lexed.comment is None or line[lexed.comment] == "#"


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"])), max_size=4))
def test_single_quotes_keep_any_text_that_holds_none(parts: list[str]) -> None:
    kept = [part.replace("'", "") for part in parts]
    assert texts(" ".join(f"'{part}'" for part in kept)) == kept
