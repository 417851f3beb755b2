"""What is known outlives a restart, and what cannot be read is not believed."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from lbgen.live.memory import MOST_LINES, Memory
from lbgen.live.shrinking import Size
from lbgen.live.store import Store
from lbgen.live.updating import Updating
from lbgen.pipeline.options import Options
from tests.live.cluster import Judge, app, fleet

if TYPE_CHECKING:
    from pathlib import Path


def updating(memory: Memory, judge: Judge) -> Updating:
    return Updating(Options(), judge, memory, "keep-last")


def test_verdicts_and_last_good_forms_are_known_after_a_restart(tmp_path: Path) -> None:
    memory = Memory()
    first = updating(memory, Judge())
    first.update(fleet(app("a"), app("b", "own", port=10001)))
    first.update(fleet(app("a"), app("b", "refused", port=10001)))
    Store(tmp_path / "s", "2.6").save(memory, Size(2, 3))()
    kept, size = Store(tmp_path / "s", "2.6").load()
    judge = Judge()
    update = updating(kept, judge).update(fleet(app("a"), app("b", "refused", port=10001)))
    assert (judge.runs, sorted(update.kept), size) == (1, ["/b"], Size(2, 3))


def test_another_haproxy_is_asked_again(tmp_path: Path) -> None:
    memory = Memory()
    updating(memory, Judge()).update(fleet(app("a"), app("b", "refused", port=10001)))
    Store(tmp_path, "2.6").save(memory, None)()
    kept, _ = Store(tmp_path, "3.2").load()
    assert not kept.bad
    assert not kept.is_good(fleet(app("a"))["/a"], [10000])
    assert "/a" in kept.last


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"backends": 1, "servers": 1, "good": 3}', "\0", '{"good": {"a": [1]}}']
)
def test_what_is_no_memory_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "memory.json").write_text(text)
    memory, size = Store(tmp_path, "2.6").load()
    assert (memory, size) == (Memory(), None)


def test_nobody_else_reads_it(tmp_path: Path) -> None:
    Store(tmp_path / "s", "2.6").save(Memory(), None)()
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "s" / "memory.json").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "s").iterdir()] == ["memory.json"]


def test_lines_that_haproxy_took_are_kept_for_the_same_haproxy_alone(tmp_path: Path) -> None:
    memory = Memory()
    memory.remember_lines(["one", "two", "one"])
    Store(tmp_path, "3.2").save(memory, None)()
    assert list(Store(tmp_path, "3.2").load()[0].lines) == ["two", "one"]
    assert not Store(tmp_path, "3.0").load()[0].lines


def test_no_more_lines_are_kept_than_there_is_room_for() -> None:
    memory = Memory()
    memory.remember_lines(map(str, range(MOST_LINES + 5)))
    assert len(memory.lines) == MOST_LINES
    assert next(iter(memory.lines)) == "5"
