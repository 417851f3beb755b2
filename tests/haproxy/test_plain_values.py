"""What may be pasted into a line as a value, and what may not."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lbgen.haproxy.words import LexError, lex, plain_value_problem

BREAK = "a line break"
CONTROL = "a control character"
NOT_A_CHARACTER = "a code point that is not a character"
UNFINISHED = "an unfinished escape"
VARIABLE = "'$' in double quotes, which stands for a variable"


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize(
    "value", ["", "a.example.org", "10.0.0.0/8 1.2.3.4", "tab\there", "%[src]", "*.x", "ü€😀", "a\\ b"]
)
def test_harmless_values_go_anywhere(value: str, quoted: bool) -> None:
    assert plain_value_problem(value, quoted=quoted) is None


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("a\nb", BREAK),
        ("a\rb", BREAK),
        ("a\u2028b", BREAK),
        ("a\x85b", BREAK),
        ("a\0b", CONTROL),
        ("a\x1bb", CONTROL),
        ("a\x7fb", CONTROL),
        ("a\x9fb", CONTROL),
        ("a\\x00", "a NUL"),
        ("a\ud800", "half of a surrogate pair, which is no character"),
        ("a\ufdd0", NOT_A_CHARACTER),
        ("a\uffff", NOT_A_CHARACTER),
        ("a\U0001fffe", NOT_A_CHARACTER),
        ("a\\", UNFINISHED),
        ("a\\\\\\", UNFINISHED),
        ("a\\x4", UNFINISHED),
    ],
)
def test_values_that_go_nowhere(value: str, quoted: bool, problem: str) -> None:
    assert plain_value_problem(value, quoted=quoted) == problem


@pytest.mark.parametrize(
    ("value", "outside", "inside"),
    [
        ("a#b", "'#', which starts a comment", None),
        ("a\\#b", None, None),
        ("$5", None, VARIABLE),
        ("\\$5", None, None),
        ("it's", "an unmatched quote", None),
        ("'it is'", None, None),
        ('say "hi"', None, "a double quote"),
        ('say \\"hi\\"', None, None),
        ('"', "an unmatched quote", "a double quote"),
        ('"$HOME"', VARIABLE, "a double quote"),
        ('"$"', VARIABLE, "a double quote"),
        ("'$HOME'", None, VARIABLE),
        ('a "" b', "an empty word, where HAProxy stops reading the line", "a double quote"),
        ("a\\\\", None, None),
        ("a\\\\x00", None, None),
        ("'#' b", None, None),
    ],
)
def test_values_that_depend_on_the_place(value: str, outside: str | None, inside: str | None) -> None:
    assert plain_value_problem(value, quoted=False) == outside
    assert plain_value_problem(value, quoted=True) == inside


SPELLINGS = st.text(alphabet=st.sampled_from("ab #\"'\\x41$n0{}"), min_size=1, max_size=12)


@given(SPELLINGS)
def test_an_unquoted_value_leaves_what_stands_around_it(value: str) -> None:
    assume(plain_value_problem(value, quoted=False) is None)
    words = [word.text for word in lex(f"before {value} 'the end'")]
    assert (words[0], words[-1]) == ("before", "the end")


@given(SPELLINGS)
def test_a_quoted_value_stays_one_word(value: str) -> None:
    assume(plain_value_problem(value, quoted=True) is None)
    words = lex(f'before "{value}" "the end"')
    assert [len(words), words[0].text, words[2].text] == [3, "before", "the end"]
    assert not words[1].variables


@given(SPELLINGS)
def test_a_quoted_value_is_only_refused_for_a_reason(value: str) -> None:
    assume(plain_value_problem(value, quoted=True) is not None)
    try:
        words = lex(f'before "{value}" "the end"')
    except LexError:
        return
    assert len(words) != 3 or words[1].variables or '"' in value or "\\x00" in value
