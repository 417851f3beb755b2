"""One event stream, from its connection to its end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lbgen.live.contract import Change
from lbgen.live.marathon.body import Unpacking
from lbgen.live.marathon.changes import TYPES, change_of
from lbgen.live.marathon.guard import Guard
from lbgen.live.marathon.sse import MOST_BYTES, Parser
from lbgen.live.marathon.unusable import Unusable

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    import requests

    from lbgen.live.marathon.endpoint import Endpoint
    from lbgen.live.marathon.exchange import Exchange

_PARAMETERS = {"plan-format": "light", "event_type": list(TYPES)}
_HEADERS = {"Accept": "text/event-stream", "Cache-Control": "no-cache"}
_AT_ONCE = 64 * 1024


def listen(exchange: Exchange, endpoint: Endpoint, stop: threading.Event) -> Iterator[Change]:
    """What changes, as long as the stream lasts and until `stop` is set; the first change is that all may have.

    Raises Unusable where there is no stream, or where it ends otherwise than it should.
    """
    url = f"{endpoint.url}/v2/events"
    with Guard(stop=stop) as guard, exchange.open(url, _PARAMETERS, _HEADERS, guard) as response:
        _refuse_others(response)
        yield Change(None, f"connected to {endpoint}", time.monotonic())
        yield from _changes(response)


def _changes(response: requests.Response) -> Iterator[Change]:
    parser, unpacking = Parser(), Unpacking(response.headers.get("Content-Encoding"))
    # As soon as there is something: whoever waits for more may wait for the next event.
    while raw := response.raw.read1(_AT_ONCE, decode_content=False):
        said = unpacking.unpack(raw, MOST_BYTES)
        if len(said) > MOST_BYTES:
            raise Unusable("sends more events at once than there can be")
        for event in parser.feed(said):
            change = change_of(event, time.monotonic())
            if change is not None:
                yield change


def _refuse_others(response: requests.Response) -> None:
    if response.status_code != 200:
        raise Unusable(f"answers {response.status_code} where events should be")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "text/event-stream":
        raise Unusable("answers with something else where events should be")
