"""Answers that are damaged at random: they are read or refused in words, and nothing else happens."""

from __future__ import annotations

import gzip
import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from integration.live_marathon.reaching import WEB, listening, source
from integration.marathon_stub import Marathon, run_marathon
from lbgen.live.contract import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from integration.marathon_stub.connection import Connection

BODY = json.dumps({"apps": [{**WEB, "tasks": []}]}).encode()
PACKED = gzip.compress(BODY)
HEADS = (
    (b"Content-Length: %d" % len(BODY), BODY),
    (b"Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)),
    (b"Content-Encoding: gzip\r\nContent-Length: %d" % len(PACKED), PACKED),
    (b"Connection: close", BODY),
)
EVENT = b'event: status_update_event\r\ndata: {"appId": "/web"}\r\n\r\n'
STREAMS = (
    b"Connection: close\r\n\r\n" + EVENT * 3,
    b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n" % (len(EVENT), EVENT) * 3 + b"0\r\n\r\n",
    b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(EVENT * 3),
)
CASES = 150
LINES = (b"Location: http://[", b"Content-Length: -1", b"Set-Cookie: a=b", b"Content-Encoding: gzip", b"X: \x00\xff")


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """The bytes with some of them lost, changed, repeated or put in."""
    out = bytearray(raw)
    for _ in range(chance.choice([1, 1, 2, 5])):
        at = chance.randrange(len(out) + 1)
        how = chance.randrange(5)
        if how == 0:
            del out[at : at + chance.randrange(1, 20)]
        elif how == 1:
            out[at : at + 1] = chance.randbytes(1)
        elif how == 2:
            out[at:at] = out[at : at + 30]
        elif how == 3:
            del out[at:]
        else:
            out = bytearray(bytes(out).replace(b"\r\n", b"\r\n" + chance.choice(LINES) + b"\r\n", 1))
    return bytes(out) or b"x"


def answering(raw: bytes) -> Callable[[Connection], None]:
    def act(connection: Connection) -> None:
        connection.write(raw)
        connection.close()

    return act


def fetched(number: int) -> bool:
    """Whether an answer that is damaged in this way is read all the same."""
    chance = random.Random(number)
    head, body = chance.choice(HEADS)
    whole = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + head + b"\r\n\r\n" + body
    with run_marathon() as bad:
        bad.fail(answering(damaged(whole, chance)))
        try:
            reply = source(bad).fetch()
        except SourceError:
            return False
    assert isinstance(json.loads(reply.text)["apps"], list)
    return True


def test_answers_are_read_or_refused() -> None:
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(fetched, range(CASES)))
    # Some damage does no harm, and most does.
    assert 0 < sum(read) < CASES / 2


@pytest.mark.parametrize("number", range(30))
def test_streams_are_heard_or_left(marathon: Marathon, number: int) -> None:
    chance = random.Random(number)
    with run_marathon() as bad:
        raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + chance.choice(STREAMS)
        bad.fail(answering(damaged(raw, chance)))
        with listening(source(bad, marathon)) as heard:
            while heard.next().reason != f"connected to {marathon.url}":
                pass
            marathon.scale("/web", 3)
            heard.until("/web")
