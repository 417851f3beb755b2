"""The fast way of writing JSON writes what the standard library does."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lbgen.report.dumping import dumped

texts = st.text(st.characters(), max_size=6)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), texts),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3),
)


@given(values)
def test_the_text_is_the_same(value: Any) -> None:
    assert dumped(value) == json.dumps(value, indent=2)


def test_control_characters_and_halves_of_pairs() -> None:
    for text in ("\x7f", "\x00\x1f", "\u2028", "é\N{GRINNING FACE}", "\ud800", "\udfff x"):
        assert dumped([text]) == json.dumps([text], indent=2)
