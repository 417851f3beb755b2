"""Events, and those who listen to them."""

from __future__ import annotations

import json
import queue
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from integration.marathon_stub.shapes import now

if TYPE_CHECKING:
    from collections.abc import Iterable


def frame(event_type: str, fields: dict[str, Any]) -> bytes:
    """An event as it goes over the wire."""
    data = json.dumps({**fields, "eventType": event_type, "timestamp": now()})
    return f"event: {event_type}\r\ndata: {data}\r\n\r\n".encode()


@dataclass(eq=False)
class Listener:
    """One open event stream: the types that it wants (none: all), and what it has not been sent yet."""

    types: frozenset[str]
    light: bool
    pending: queue.SimpleQueue[bytes | None] = field(default_factory=queue.SimpleQueue)


class Bus:
    """Sends each event to all listeners."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self.silent = False

    def attach(self, types: Iterable[str], *, light: bool) -> Listener:
        """A new listener, which hears of itself first."""
        listener = Listener(frozenset(types), light)
        with self._lock:
            self._listeners.add(listener)
        self.publish("event_stream_attached", {"remoteAddress": "127.0.0.1"})
        return listener

    def detach(self, listener: Listener) -> None:
        """The listener hears no more."""
        with self._lock:
            self._listeners.discard(listener)

    def listeners(self) -> int:
        """How many streams are open."""
        with self._lock:
            return len(self._listeners)

    def publish(self, event_type: str, fields: dict[str, Any]) -> None:
        """Sends the event to everyone who wants its type."""
        with self._lock:
            for listener in self._listeners:
                if not listener.types or event_type in listener.types:
                    listener.pending.put(frame(event_type, _light(fields) if listener.light else fields))

    def send_raw(self, raw: bytes) -> None:
        """Sends these bytes to everyone, whatever they are."""
        with self._lock:
            for listener in self._listeners:
                listener.pending.put(raw)

    def close_all(self) -> None:
        """Ends all streams."""
        with self._lock:
            for listener in self._listeners:
                listener.pending.put(None)


def _light(fields: dict[str, Any]) -> dict[str, Any]:
    """The event without the groups that a plan starts from and leads to."""
    if "plan" not in fields:
        return fields
    plan = {key: value for key, value in fields["plan"].items() if key not in {"original", "target"}}
    return {**fields, "plan": plan}
