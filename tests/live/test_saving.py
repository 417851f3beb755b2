"""What is known is kept on disk, and what could not be written is not forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lbgen.errors import ToolError
from lbgen.live.saving import Saving

if TYPE_CHECKING:
    from collections.abc import Callable


class Disk:
    """What is to be saved, on a disk that is full as often as `full` says."""

    def __init__(self, full: int) -> None:
        self.full, self.unsaved, self.saved = full, True, 0

    def save(self) -> Callable[[], None] | None:
        if not self.unsaved:
            return None
        self.unsaved = False
        return self._write

    def save_again(self) -> None:
        self.unsaved = True

    def _write(self) -> None:
        if self.full:
            self.full -= 1
            raise ToolError("cannot write memory.json: No space left on device")
        self.saved += 1


@pytest.mark.parametrize("full", [0, 1])
def test_what_cannot_be_written_is_written_the_next_time(full: int) -> None:
    disk = Disk(full)
    saving = Saving(disk)  # type: ignore[arg-type]
    saving.begin()
    saving.end()
    saving.end()
    assert (disk.saved, disk.unsaved) == (1, False)
