"""Files, directories and standard input become documents; what cannot be read is said in one sentence."""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from lbgen.errors import InputError
from lbgen.source import find_documents, load, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lbgen.origin import Origin


def refused(path: Path | str, limit_bytes: int = 1000) -> tuple[str, Origin]:
    with pytest.raises(InputError) as caught:
        read(path, limit_bytes=limit_bytes)
    assert caught.value.origin is not None
    return str(caught.value), caught.value.origin


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_file(tmp_path: Path) -> None:
    path = written(tmp_path / "app.json", '{"é": 1}'.encode())
    document = read(str(path))
    assert (document.name, document.text, document.raw) == (str(path), '{"é": 1}', '{"é": 1}'.encode())


@pytest.mark.parametrize(
    ("name", "kind"), [("a.json", "json"), ("a.yaml", "yaml"), ("a.YML", "yaml"), ("a", "json"), ("a.txt", "json")]
)
def test_the_suffix_tells_the_kind(tmp_path: Path, name: str, kind: str) -> None:
    assert read(written(tmp_path / name, b"[]")).kind == kind


def test_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    document = read(written(tmp_path / "app.json", b'\xef\xbb\xbf{"a": 1}'))
    assert document.text == '{"a": 1}'
    assert load(document) == {"a": 1}


class Stdin:
    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(b"{}"))
    document = read("-")
    assert (document.name, document.kind, document.text) == ("<stdin>", "json", "{}")


def test_standard_input_with_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(b"a: 1"))
    document = read("-", stdin_name="pools/web.yaml")
    assert (document.name, document.kind) == ("pools/web.yaml", "yaml")


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    said, origin = refused("-")
    assert (said, origin.document) == ("the file is empty; expected JSON or YAML", "<stdin>")


def test_the_name_of_standard_input_is_not_for_files(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", b"{}")
    assert read(path, stdin_name="other.json").name == str(path)


def test_nothing_there(tmp_path: Path) -> None:
    sentence, origin = refused(tmp_path / "no.json")
    assert sentence == "there is no such file"
    assert (origin.document, origin.position) == (str(tmp_path / "no.json"), None)


def test_directory(tmp_path: Path) -> None:
    assert refused(tmp_path)[0] == "this is a directory without a document in it; expected a file"


def test_a_name_that_no_file_can_have() -> None:
    assert refused("a\0b")[0] == "the file cannot be read: embedded null byte"


def test_a_file_in_place_of_a_directory(tmp_path: Path) -> None:
    path = written(tmp_path / "app.json", b"{}") / "app.json"
    assert refused(path)[0] == "the file cannot be read: Not a directory"


@contextmanager
def nobody() -> Iterator[None]:
    """Root may read everything: be somebody else for the time being."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_no_permission(tmp_path: Path) -> None:
    path = written(tmp_path / "app.json", b"{}")
    path.chmod(0)
    with nobody():
        sentence, _ = refused(path)
    assert sentence == "the file may not be read: permission denied"


CONTENTS = [
    (b"", "the file is empty; expected JSON or YAML", (1, 1)),
    (b" \r\n\t\n", "the file is empty; expected JSON or YAML", (1, 1)),
    (b"\xef\xbb\xbf", "the file is empty; expected JSON or YAML", (1, 1)),
    ("{}".encode("utf-16"), "the file is UTF-16; expected UTF-8", (1, 1)),
    (b"\xfe\xff\0{\0}", "the file is UTF-16; expected UTF-8", (1, 1)),
    ("{}".encode("utf-32"), "the file is UTF-32; expected UTF-8", (1, 1)),
    (b'{\n"\xc3\xa9\0"}', "byte 6 is NUL: this is a binary file; expected text", (2, 3)),
    (b'{\n"\xc3\xa9": "caf\xe9"}', "byte 13 (0xe9) is not UTF-8; expected text in UTF-8", (2, 10)),
    (b'\xef\xbb\xbf["\xff"]', "byte 6 (0xff) is not UTF-8; expected text in UTF-8", (1, 3)),
    (b'["\xed\xa0\x80"]', "byte 3 (0xed) is not UTF-8; expected text in UTF-8", (1, 3)),
    (b"[" * 1001, "the file holds more than 1,000 bytes, which is the most that is read", None),
]


@pytest.mark.parametrize(("content", "sentence", "position"), CONTENTS)
def test_what_is_no_text(tmp_path: Path, content: bytes, sentence: str, position: tuple[int, int] | None) -> None:
    said, origin = refused(written(tmp_path / "app.json", content))
    assert (said, origin.position) == (sentence, position)


def test_as_large_as_allowed(tmp_path: Path) -> None:
    assert len(read(written(tmp_path / "app.json", b"1" * 1000), limit_bytes=1000).text) == 1000


def test_an_endless_file_is_not_read_to_its_end() -> None:
    limit = 2 * 1024 * 1024
    assert refused("/dev/zero", limit)[0] == "the file holds more than 2 MiB, which is the most that is read"


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("fleet/b.json", "fleet/a/z.json", "fleet/a/pool.yaml", "fleet/a/notes.txt", "one.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("fleet")
def test_a_directory_is_a_fleet() -> None:
    assert find_documents(["one.json", "fleet"]) == ["one.json", "fleet/a/z.json", "fleet/b.json"]


@pytest.mark.usefixtures("fleet")
def test_suffixes() -> None:
    assert find_documents(["fleet"], (".yaml", ".txt")) == ["fleet/a/notes.txt", "fleet/a/pool.yaml"]


@pytest.mark.usefixtures("fleet")
def test_the_current_directory() -> None:
    assert find_documents(["."]) == ["fleet/a/z.json", "fleet/b.json", "one.json"]


def test_hidden_files_and_directories_are_left_out(fleet: Path) -> None:
    (fleet / "fleet/.git").mkdir()
    (fleet / "fleet/.git/x.json").write_text("{}")
    (fleet / "fleet/.x.json").write_text("{}")
    assert find_documents(["fleet"]) == ["fleet/a/z.json", "fleet/b.json"]


def test_loops_of_symbolic_links_end(fleet: Path) -> None:
    (fleet / "fleet/a/up").symlink_to(fleet / "fleet")
    (fleet / "fleet/self").symlink_to("self")
    assert find_documents(["fleet"]) == ["fleet/a/z.json", "fleet/b.json"]


def test_pipes_in_a_directory_are_passed_over(fleet: Path) -> None:
    os.mkfifo(fleet / "fleet/pipe.json")
    (fleet / "fleet/zero.json").symlink_to("/dev/zero")
    (fleet / "fleet/gone.json").symlink_to("nowhere")
    assert find_documents(["fleet"]) == ["fleet/a/z.json", "fleet/b.json", "fleet/gone.json"]
    assert find_documents(["fleet/pipe.json"]) == ["fleet/pipe.json"]


def test_symbolic_links_are_followed_and_each_file_read_once(fleet: Path) -> None:
    (fleet / "linked").mkdir()
    (fleet / "linked/l.json").write_text("{}")
    (fleet / "fleet/linked").symlink_to(fleet / "linked")
    (fleet / "fleet/y.json").symlink_to(fleet / "fleet/b.json")
    found = find_documents(["fleet/b.json", "fleet", "./fleet", "linked"])
    assert found == ["fleet/b.json", "fleet/a/z.json", "fleet/linked/l.json"]


@pytest.mark.usefixtures("fleet")
def test_what_is_no_directory_stands_for_itself() -> None:
    assert find_documents(["-", "no.json", "fleet/a/notes.txt", "-"]) == ["-", "no.json", "fleet/a/notes.txt"]


def test_an_empty_directory_stands_for_itself(fleet: Path) -> None:
    (fleet / "empty").mkdir()
    assert find_documents(["empty"]) == ["empty"]


@pytest.mark.usefixtures("fleet")
def test_no_directory_is_called_dash() -> None:
    os.mkdir("-")  # noqa: PTH102 - a Path of it would be the same, and read worse
    assert find_documents(["-"]) == ["-"]


@pytest.mark.parametrize(
    "text", ["id: /web\nlabels: {}\n", "# an app\n\n---\nid: /web\n", "- id: /web\n", "apps:\n  - id: /web\n"]
)
def test_yaml_under_the_name_of_json_is_told_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "app.json"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load(read(path))
    assert (caught.value.rule, "this looks like YAML" in caught.value.help) == ("invalid-json", True)


@pytest.mark.parametrize(("name", "rule"), [("x.json", "invalid-json"), ("x.yaml", "invalid-yaml")])
def test_the_rule_says_what_the_text_should_have_been(tmp_path: Path, name: str, rule: str) -> None:
    path = tmp_path / name
    path.write_text('{"id": [}')
    with pytest.raises(InputError) as caught:
        load(read(path))
    assert (caught.value.rule, "YAML" in caught.value.help) == (rule, False)
