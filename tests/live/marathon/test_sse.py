"""Server-sent events: whatever the pieces in which they come, the events are the same."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.live.marathon.sse import Event, Parser

SAID = (
    b'event: status_update_event\r\ndata: {"appId": "/\xc3\xa4"}\r\n\r\n\r\n: alive\r\nevent: other\r\ndata: x\r\n\r\n'
)
HEARD = [Event("status_update_event", '{"appId": "/ä"}'), Event("other", "x")]


def events(*pieces: bytes, most_bytes: int = 1000) -> list[Event]:
    parser = Parser(most_bytes)
    return [event for piece in pieces for event in parser.feed(piece)]


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_lines_end_as_they_may(end: bytes) -> None:
    assert events(SAID.replace(b"\r\n", end)) == HEARD


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
@given(cuts=st.lists(st.integers(0, len(SAID)), max_size=20))
def test_pieces_make_no_difference(end: bytes, cuts: list[int]) -> None:
    said = SAID.replace(b"\r\n", end)
    bounds = [0, *sorted(cuts), len(said)]
    assert events(*(said[start:stop] for start, stop in itertools.pairwise(bounds))) == HEARD


@given(pieces=st.lists(st.binary(max_size=40), max_size=20))
def test_nothing_is_too_strange(pieces: list[bytes]) -> None:
    events(*pieces, most_bytes=30)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (b"data: a\ndata: b\n\n", [Event("", "a\nb")]),
        (b"data:a\n\n", [Event("", "a")]),
        (b"data:  a \n\n", [Event("", " a ")]),
        (b"data\n\n", [Event("", "")]),
        (b"\xef\xbb\xbfdata: a\n\n", [Event("", "a")]),
        (b"event: x\n\n", []),
        (b"event: x\n\ndata: a\n\n", [Event("", "a")]),
        (b"event: x\nevent: y\ndata: a\n\n", [Event("y", "a")]),
        (b"id: 7\nretry: 9\nunknown: z\n: comment\ndata: a\n\n", [Event("", "a")]),
        (b"data: \xff\n\n", [Event("", None)]),
        (b"data: unfinished\n", []),
        (b"\n\n\n", []),
    ],
)
def test_fields_mean_what_they_should(said: bytes, heard: list[Event]) -> None:
    assert events(said) == heard


class TestTooMuch:
    def test_is_an_event_without_data(self) -> None:
        said = b"event: x\ndata: " + b"a" * 5000 + b"\n\ndata: b\n\n"
        assert events(said) == [Event("x", None), Event("", "b")]

    def test_in_many_lines_is_one_too(self) -> None:
        assert events(b"data: 0123456789\n" * 200 + b"\n", b"data: b\n\n") == [Event("", None), Event("", "b")]

    def test_is_not_kept(self) -> None:
        parser = Parser(1000)
        for _ in range(100):
            assert not list(parser.feed(b"data: " + b"a" * 500))
        assert len(parser._line) <= 1000

    def test_is_not_reached_by_signs_of_life(self) -> None:
        assert events(b": alive\n" * 5000 + b"data: a\n\n") == [Event("", "a")]
