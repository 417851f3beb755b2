"""Bodies: whole or refused, and never too large."""

from __future__ import annotations

import gzip
from types import SimpleNamespace
from typing import Any

import pytest

from lbgen.live.marathon.body import read_body
from lbgen.live.marathon.unusable import Unusable

TEXT = b'{"apps": []}' * 100
PACKED = gzip.compress(TEXT, mtime=0)


def response(raw: bytes, encoding: str | None, step: int = 7) -> Any:
    pieces = [raw[start : start + step] for start in range(0, len(raw), step)]
    headers = {} if encoding is None else {"Content-Encoding": encoding}
    return SimpleNamespace(headers=headers, raw=SimpleNamespace(stream=lambda *_, **__: iter(pieces)))


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [(TEXT, None), (TEXT, "identity"), (PACKED, "gzip"), (PACKED, " X-GZIP ")],
    ids=["plain", "identity", "gzip", "x-gzip"],
)
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_is_read_whole(raw: bytes, encoding: str | None, step: int) -> None:
    assert read_body(response(raw, encoding, step), len(TEXT)) == TEXT


def test_may_be_nothing() -> None:
    assert read_body(response(b"", None), 10) == b""
    assert read_body(response(b"", "gzip"), 10) == b""


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [(TEXT, None), (PACKED, "gzip"), (gzip.compress(b" " * 10**7, mtime=0), "gzip")],
    ids=["plain", "gzip", "bomb"],
)
@pytest.mark.parametrize("step", [1, 100_000])
def test_that_is_too_large_is_refused(raw: bytes, encoding: str | None, step: int) -> None:
    with pytest.raises(Unusable, match=r"^sends more than 0 MiB$"):
        read_body(response(raw, encoding, step), len(TEXT) - 1)


@pytest.mark.parametrize(
    ("raw", "encoding", "reason"),
    [
        (PACKED[:-9], "gzip", "breaks off in the middle of its answer"),
        (TEXT, "gzip", "sends what should be gzip and is not"),
        (TEXT, "br", "answers in an encoding that it was not asked for"),
        (TEXT, "gzip, gzip", "answers in an encoding that it was not asked for"),
    ],
    ids=["half", "not gzip", "br", "twice"],
)
def test_that_is_not_what_it_should_be_is_refused(raw: bytes, encoding: str, reason: str) -> None:
    with pytest.raises(Unusable) as caught:
        read_body(response(raw, encoding), 10_000)
    assert str(caught.value) == reason
