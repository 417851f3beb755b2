"""Files are replaced whole, and older versions are their owner's alone."""

from __future__ import annotations

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
