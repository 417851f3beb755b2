"""Files are replaced whole, and older versions are their owner's alone."""

from __future__ import annotations

import errno
import stat
from typing import TYPE_CHECKING

import pytest

from lbgen.errors import ToolError
from lbgen.live.files import Files

if TYPE_CHECKING:
    from pathlib import Path


def files(tmp_path: Path, versions: int = 2) -> Files:
    return Files(tmp_path / "etc" / "haproxy.cfg", tmp_path / "etc", tmp_path / "versions", versions)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    made = files(tmp_path)
    assert (made.text(), made.maps()) == ("", {})
    made.write("global\n", {"domain2backend.map": "a b\n"})
    assert (made.text(), made.maps()) == ("global\n", {"domain2backend.map": "a b\n"})


def test_maps_that_are_equal_are_left_alone(tmp_path: Path) -> None:
    made = files(tmp_path)
    made.write("one\n", {"domain2backend.map": "a b\n"})
    before = (tmp_path / "etc" / "domain2backend.map").stat().st_ino
    made.write("two\n", {"domain2backend.map": "a b\n"})
    assert (tmp_path / "etc" / "domain2backend.map").stat().st_ino == before


def test_where_nothing_can_be_written_all_stays_as_it_was(tmp_path: Path) -> None:
    made = files(tmp_path)
    made.write("one\n", {})
    (tmp_path / "etc" / "domain2backend.map").mkdir()
    with pytest.raises(ToolError, match="cannot write"):
        made.write("two\n", {"domain2backend.map": "a b\n"})
    assert made.text() == "one\n"
    assert sorted(path.name for path in (tmp_path / "etc").iterdir()) == ["domain2backend.map", "haproxy.cfg"]


def test_what_has_no_utf8_is_refused(tmp_path: Path) -> None:
    made = files(tmp_path)
    made.write("one\n", {})
    with pytest.raises(ToolError, match="cannot write"):
        made.write("\ud800\n", {})
    assert made.text() == "one\n"


def test_the_newest_versions_are_kept_for_nobody_but_their_owner(tmp_path: Path) -> None:
    made = files(tmp_path)
    for text in ("one", "two", "three"):
        made.keep_version(text)
    kept = sorted((tmp_path / "versions").iterdir())
    assert [path.read_text() for path in kept] == ["three", "two"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert stat.S_IMODE((tmp_path / "versions").stat().st_mode) == 0o700


def test_where_there_is_no_room_the_older_versions_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = files(tmp_path)
    made.keep_version("one")
    made.keep_version("two")

    def full(path: Path, text: str) -> None:
        path.write_text(text[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Files, "_write_private", staticmethod(full))
    with pytest.raises(ToolError, match="No space left"):
        made.keep_version("three")
    assert [path.read_text() for path in sorted((tmp_path / "versions").iterdir())] == ["two", "one"]


def test_what_a_sudden_end_left_of_a_version_is_in_nobodys_way(tmp_path: Path) -> None:
    made = files(tmp_path)
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / ".haproxy.cfg.new").write_text("half")
    made.keep_version("one")
    assert [path.read_text() for path in (tmp_path / "versions").iterdir()] == ["one"]


def test_what_was_there_in_another_encoding_can_come_back(tmp_path: Path) -> None:
    made = files(tmp_path)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "haproxy.cfg").write_bytes(b"# caf\xe9\n")
    before = made.text()
    made.write("one\n", {})
    made.write(before, {})
    assert (tmp_path / "etc" / "haproxy.cfg").read_bytes() == b"# caf\xe9\n"


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "etc").touch()
    with pytest.raises(ToolError, match="cannot write"):
        files(tmp_path).write("one\n", {})


def test_no_versions_are_no_directory(tmp_path: Path) -> None:
    files(tmp_path, 0).keep_version("one")
    assert not (tmp_path / "versions").exists()


def test_what_a_sudden_end_left_is_removed(tmp_path: Path) -> None:
    made = files(tmp_path)
    made.write("one\n", {})
    (tmp_path / "etc" / ".haproxy.cfg.abcd1234").touch()
    (tmp_path / "etc" / ".haproxy.cfg.bak").touch()
    made.clear()
    assert sorted(path.name for path in (tmp_path / "etc").iterdir()) == [".haproxy.cfg.bak", "haproxy.cfg"]
