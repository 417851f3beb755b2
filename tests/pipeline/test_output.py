"""Writing: whole files or nothing, and what was there stays until then."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lbgen.errors import ToolError
from lbgen.haproxy.annotation import annotation
from lbgen.pipeline.output import annotated, write_files
from tests.fleets import app, generate


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestFiles:
    def test_are_written_as_they_are(self, tmp_path: Path) -> None:
        write_files({tmp_path / "a": "one\r\nä\n", tmp_path / "b": ""})
        assert (tmp_path / "a").read_bytes() == "one\r\nä\n".encode()
        assert (tmp_path / "b").read_bytes() == b""

    @pytest.mark.parametrize(("mask", "bits"), [(0o022, 0o644), (0o077, 0o600)])
    def test_have_the_usual_permissions_where_they_are_new(self, tmp_path: Path, mask: int, bits: int) -> None:
        before = os.umask(mask)
        try:
            write_files({tmp_path / "a": "x"})
        finally:
            os.umask(before)
        assert mode(tmp_path / "a") == bits

    @pytest.mark.parametrize("bits", [0o600, 0o664, 0o400, 0o755])
    def test_keep_their_permissions(self, tmp_path: Path, bits: int) -> None:
        path = tmp_path / "a"
        path.write_text("old")
        path.chmod(bits)
        write_files({path: "new"})
        assert (path.read_text(), mode(path)) == ("new", bits)

    def test_are_replaced_and_not_written_over(self, tmp_path: Path) -> None:
        path = tmp_path / "a"
        path.write_text("old")
        with path.open() as reader:
            write_files({path: "new"})
            assert reader.read() == "old"

    def test_that_are_links_are_written_where_they_lead(self, tmp_path: Path) -> None:
        (tmp_path / "etc").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "etc" / "real")
        write_files({tmp_path / "link": "text"})
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "etc" / "real").read_text() == "text"
        assert [path.name for path in (tmp_path / "etc").iterdir()] == ["real"]

    def test_that_are_pipes_are_written_to(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        read: list[str] = []
        reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
        reader.start()
        write_files({pipe: "text"})
        reader.join()
        assert read == ["text"]
        assert stat.S_ISFIFO(pipe.stat().st_mode)


class TestFailures:
    """Nothing is half written, and nothing is left lying about."""

    def test_of_one_file_leave_the_others_as_they_were(self, tmp_path: Path) -> None:
        (tmp_path / "a.map").write_text("old")
        with pytest.raises(ToolError, match=r"^cannot write .*none.*: No such file or directory$"):
            write_files({tmp_path / "a.map": "new", tmp_path / "none" / "haproxy.cfg": "new"})
        assert (tmp_path / "a.map").read_text() == "old"
        assert [path.name for path in tmp_path.iterdir()] == ["a.map"]

    def test_of_the_text_leave_the_file_as_it_was(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("old")
        with pytest.raises(UnicodeEncodeError):
            write_files({tmp_path / "a": "\ud800"})
        assert (tmp_path / "a").read_text() == "old"
        assert [path.name for path in tmp_path.iterdir()] == ["a"]

    def test_of_a_directory_that_is_in_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        with pytest.raises(ToolError, match=r"^cannot write .*a: Is a directory$"):
            write_files({tmp_path / "a": "new"})
        assert [path.name for path in tmp_path.iterdir()] == ["a"]

    def test_of_a_directory_that_takes_no_files(self) -> None:
        # A file system on which not even root may write.
        with pytest.raises(ToolError, match=r"^cannot write /proc/"):
            write_files({Path("/proc/haproxy.cfg"): "new"})


class TestAnnotations:
    def test_name_app_and_label_of_every_line_that_an_app_made(self) -> None:
        labels = {"VHOST": "a.x", "BACKEND_HTTP_OPTIONS": "  option httplog\n\n  # mine\n"}
        rendered = generate(app("/a", labels)).rendered
        assert rendered is not None
        text = annotated(rendered)
        lines = dict(zip(rendered.text.split("\n"), text.split("\n"), strict=True))
        assert lines["  option httplog"] == "  option httplog  # lbgen: app=/a label=HAPROXY_0_BACKEND_HTTP_OPTIONS"
        assert lines["backend a_10001"] == "backend a_10001  # lbgen: app=/a"
        assert lines["global"] == "global"
        assert lines[""] == ""
        found = annotation(lines["  acl host_a_x_a hdr(host) -i a.x"])
        assert found is not None
        assert (found.app, found.label) == ("/a", "HAPROXY_0_VHOST")

    def test_of_an_operators_template_name_the_app_that_it_is_written_for(self) -> None:
        environ = {"HAPROXY_BACKEND_HEAD": "backend {backend}\\n  balance {balance}\\n"}
        rendered = generate(app("/a", {"BALANCE": "source"}), environ=environ).rendered
        assert rendered is not None
        assert "  balance source  # lbgen: app=/a label=HAPROXY_0_BALANCE" in annotated(rendered).split("\n")

    def test_split_a_label_of_many_lines_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not for each of its lines, which takes minutes where it has 60,000."""
        label = "".join(f"  # {number}\n" for number in range(5000))
        rendered = generate(app("/a", {"BACKEND_HTTP_OPTIONS": label, "MODE": "http"})).rendered
        assert rendered is not None
        monkeypatch.setattr(rendered.source_map, "_texts", [Counted(each) for each in rendered.source_map._texts])
        assert annotated(rendered).count("label=HAPROXY_0_BACKEND_HTTP_OPTIONS") == 5000
        assert Counted.splits["n"] <= 2 * len(rendered.source_map._texts)


class Counted(str):
    """A text that counts how often any of its kind is split."""

    __slots__ = ()
    splits: ClassVar[dict[str, int]] = {"n": 0}

    def split(self, *arguments: Any) -> list[str]:
        self.splits["n"] += 1
        return super().split(*arguments)
