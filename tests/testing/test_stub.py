"""How stubs share an HAProxy, and which cannot."""

from __future__ import annotations

import pytest

from lbgen.errors import UsageError
from lbgen.testing import Stub
from lbgen.testing.stub import _groups


def test_stubs_with_different_ports_are_one_haproxy() -> None:
    a, b, c = Stub("a", 80), Stub("b", 81), Stub("c", 80)
    assert _groups([a, b, c]) == [[a, b], [c]]


@pytest.mark.parametrize("name", ["", "two words", "new\nline", "a#b"])
def test_names_that_would_leave_their_line_are_refused(name: str) -> None:
    with pytest.raises(UsageError):
        _groups([Stub(name)])


def test_a_name_is_given_once() -> None:
    with pytest.raises(UsageError, match="'a'"):
        _groups([Stub("a", 80), Stub("a", 81)])
