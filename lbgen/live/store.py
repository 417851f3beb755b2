"""What is known of the apps, kept on disk, so that a new start asks nothing that was answered before."""

from __future__ import annotations

import json
import os
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.errors import ToolError
from lbgen.live.memory import Good, Memory, as_json, of_json
from lbgen.live.shrinking import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_NAME = "memory.json"


class Store:
    """A file in a directory that nobody else reads. `fingerprint` is what verdicts depend on beside the apps."""

    def __init__(self, directory: Path, fingerprint: str) -> None:
        self._path = directory / _NAME
        self._fingerprint = fingerprint

    def load(self) -> tuple[Memory, Size | None]:
        """What was kept: nothing where there is nothing, it cannot be read, or it is about another HAProxy."""
        try:
            value = json.loads(self._path.read_text(encoding="utf-8"))
            size = Size(int(value["backends"]), int(value["servers"]))
            memory = of_json(value, time.monotonic())
            if value["fingerprint"] != self._fingerprint:
                # What HAProxy said counts no more; what the apps were does.
                memory.bad.clear()
                memory.lines.clear()
                memory.good = {app_id: Good(good.digest, frozenset()) for app_id, good in memory.good.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Memory(), None
        return memory, size

    def save(self, memory: Memory, size: Size | None) -> Callable[[], None]:
        """What keeps it as it is now, whole or not at all, once it is called, in this thread or another.

        That raises ToolError where there is no room.
        """
        found = size or Size(0, 0)
        value = {"fingerprint": self._fingerprint, "backends": found.backends, "servers": found.servers}
        return partial(self._save, {**value, **as_json(memory)})

    def _save(self, value: Mapping[str, Any]) -> None:
        try:
            self._write(value)
        except OSError as error:
            raise ToolError(f"cannot write {self._path}: {error.strerror}") from None

    def _write(self, value: Mapping[str, Any]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes files that only their owner reads.
        handle, name = tempfile.mkstemp(prefix=f".{_NAME}.", dir=self._path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(_json(value))
            Path(name).replace(self._path)
        finally:
            Path(name).unlink(missing_ok=True)


def _json(value: Mapping[str, Any]) -> Iterator[str]:
    """The JSON of the value in many small parts: whoever makes all at once lets no other thread run meanwhile."""
    for number, (key, member) in enumerate(value.items()):
        yield f"{'{' if number == 0 else ','}{json.dumps(key)}:"
        if not isinstance(member, dict):
            yield json.dumps(member)
            continue
        yield "{"
        yield from (
            f"{',' * (index > 0)}{json.dumps(name)}:{json.dumps(each)}"
            for index, (name, each) in enumerate(member.items())
        )
        yield "}"
    yield "}"
