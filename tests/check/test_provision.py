"""What is made up for a check, and how the text comes to use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath

import pytest

from lbgen.check.place import Run
from lbgen.check.provision import Provision, provide
from lbgen.haproxy.parse import parse


@dataclass(frozen=True)
class Elsewhere:
    """A place that has some files; others go below /new, where the text must name them, or where they are expected."""

    files: frozenset[str] = frozenset()
    rewrites: bool = True
    name_servers: bool = False
    tool: str = "nothing"
    config_path: str = "/haproxy.cfg"

    def has(self, path: str) -> bool:
        return path in self.files

    def brought(self, path: str, *, siblings: str = "") -> Mapping[str, bytes]:
        return {path: f"{path} {siblings}".encode()}

    def knows(self, account: str, *, group: bool) -> bool:
        return account == ("daemons" if group else "daemon")

    def put_path(self, path: str) -> str:
        return normpath(f"/new/{path}") if self.rewrites else path

    def shown(self, text: str) -> str:
        return text

    def run(self, text: str, files: Mapping[str, bytes], directories: Sequence[str]) -> Run:
        raise NotImplementedError


def provided(text: str, place: Elsewhere, extra: Mapping[str, bytes] | None = None) -> Provision:
    return provide(parse(text), place, extra or {}, {"DIR": "/d"})


FILES = """\
global
  lua-load /gone.lua
frontend f
  bind :1 ssl crt /gone.pem crt '/with blank.pem' crt "${DIR}/c.pem" crt relative.pem # in a comment: /gone.pem
  acl x path -f /gone.acl
  use_backend %[src,map(/gone.map,b)] if x
"""


def test_the_text_names_other_paths_within_its_lines() -> None:
    assert provided(FILES, Elsewhere()).text == (
        "global\n"
        "  lua-load /new/gone.lua\n"
        "frontend f\n"
        "  bind :1 ssl crt /new/gone.pem crt '/new/with blank.pem' crt /new/d/c.pem crt /new/relative.pem"
        " # in a comment: /gone.pem\n"
        "  acl x path -f /new/gone.acl\n"
        "  use_backend %[src,map(/new/gone.map,b)] if x\n"
    )


def test_the_text_stays_where_files_can_be_put_where_it_expects_them() -> None:
    provision = provided(FILES, Elsewhere(rewrites=False))
    assert provision.text == FILES
    assert sorted(provision.files) == [
        "/d/c.pem",
        "/gone.acl",
        "/gone.lua",
        "/gone.map",
        "/gone.pem",
        "/with blank.pem",
        "relative.pem",
    ]


def test_what_is_made_up_is_said_once() -> None:
    text = "frontend f\n bind :1 ssl crt /a.pem\n bind :2 ssl crt /a.pem ca-file /ca.pem\n acl x src -f /x.acl\n"
    assert list(provided(text, Elsewhere()).supplied) == [
        "a throw-away certificate for /a.pem",
        "a throw-away certificate authority for /ca.pem",
        "an empty map or list of patterns for /x.acl",
    ]


def test_what_is_there_is_used_and_brought_along_with_what_belongs_to_it() -> None:
    text = "global\n lua-load /x.lua\nfrontend f\n bind :1 ssl crt /a.pem ca-file /ca.pem\n"
    provision = provided(text, Elsewhere(frozenset({"/x.lua", "/a.pem", "/ca.pem"})))
    assert provision.text == text
    assert provision.supplied == {}
    assert provision.files == {
        "/new/x.lua": b"/x.lua *.lua",
        "/new/a.pem": b"/a.pem {name}.*",
        "/new/ca.pem": b"/ca.pem ",
    }


def test_a_certificate_may_be_there_in_one_file_per_kind_of_key() -> None:
    text = "frontend f\n bind :1 ssl crt /a.pem\n"
    assert provided(text, Elsewhere(frozenset({"/a.pem.ecdsa"}))).supplied == {}


def test_files_of_the_configuration_itself_are_put_as_they_are() -> None:
    text = "frontend f\n use_backend %[src,map(/m.map)]\n"
    provision = provided(text, Elsewhere(frozenset({"/m.map"})), {"/m.map": b"1.2.3.4 b\n"})
    assert (provision.files, provision.supplied) == ({"/new/m.map": b"1.2.3.4 b\n"}, {})
    assert "map(/new/m.map)" in provision.text


def test_a_list_of_certificates_is_completed() -> None:
    text = "frontend f\n bind :1 ssl crt-list /l.txt\n"
    content = b"# mine\n/here.pem a.example.org\n/gone.pem [alpn h2] b.example.org\n\n"
    provision = provided(text, Elsewhere(frozenset({"/here.pem"})), {"/l.txt": content})
    assert provision.files["/new/l.txt"] == content.replace(b"/gone.pem", b"/new/gone.pem")
    assert list(provision.supplied) == ["a throw-away certificate for /gone.pem"]


def test_a_list_of_this_machine_is_completed_too(tmp_path: Path) -> None:
    names = tmp_path / "list.txt"
    names.write_text("/gone.pem\n")
    provision = provided(f"frontend f\n bind :1 ssl crt-list {names}\n", Elsewhere(frozenset({str(names)})))
    assert provision.files[f"/new{names}"] == b"/new/gone.pem\n"
    assert f"/new{names}" in provision.text


def test_a_complete_list_of_this_machine_stays_where_it_is(tmp_path: Path) -> None:
    names = tmp_path / "list.txt"
    names.write_text("/here.pem\n")
    text = f"frontend f\n bind :1 ssl crt-list {names}\n"
    assert provided(text, Elsewhere(frozenset({str(names), "/here.pem"}))).text == text


def test_a_list_that_is_gone_lists_a_certificate() -> None:
    provision = provided("frontend f\n bind :1 ssl crt-list /l.txt\n", Elsewhere())
    listed = provision.files["/new/l.txt"].decode().strip()
    assert provision.files[listed].startswith(b"-----BEGIN PRIVATE KEY-----")


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("user nobody", "uid 65534"),
        ("group  nobody", "gid 65534"),
        ("user daemon", "user daemon"),
        ("group daemon", "gid 65534"),
        ("stats socket /s user nobody group daemons mode 600", "stats socket /s uid 65534 group daemons mode 600"),
    ],
)
def test_accounts_that_are_unknown_become_numbers(line: str, result: str) -> None:
    assert provided(f"global\n {line}\n", Elsewhere()).text == f"global\n {result}\n"


def test_directories_are_made() -> None:
    assert provided("global\n chroot /var/gone\n", Elsewhere()).directories == ["/new/var/gone"]


def test_a_certificate_in_a_directory() -> None:
    assert list(provided("frontend f\n bind :1 ssl crt /dir/\n", Elsewhere()).files) == ["/new/dir/lbgen-throwaway.pem"]


def test_only_the_first_script_that_is_gone_holds_the_stub() -> None:
    text = "global\n lua-load /a.lua\n lua-load /b.lua\nfrontend f\n http-request lua.x\n"
    files = provided(text, Elsewhere()).files
    assert files["/new/b.lua"] == b""
    assert b'core.register_action("x"' in files["/new/a.lua"]


def test_name_servers_are_made_up_where_there_are_none() -> None:
    text = "resolvers r\n  parse-resolv-conf # yes\n"
    assert provided(text, Elsewhere()).text == "resolvers r\n  nameserver supplied 127.0.0.1:53 # yes\n"
    assert provided(text, Elsewhere(name_servers=True)).text == text


def test_lines_that_cannot_be_read_stay_as_they_are() -> None:
    text = "frontend f\n bind :1 ssl crt /gone.pem crt '/unfinished\n"
    assert provided(text, Elsewhere()).text == text
