"""What a configuration refers to."""

import pytest

from lbgen.check.references import Kind, references
from lbgen.haproxy.parse import parse


def found(text: str, environment: dict[str, str] | None = None) -> list[tuple[Kind, str]]:
    return [(reference.kind, reference.path) for reference in references(parse(text), environment or {})]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bind :1 ssl crt /a.pem crt /b/", [("certificate", "/a.pem"), ("certificate", "/b/")]),
        ("bind :1 ssl ca-verify-file /b", [("certificate authority", "/b")]),
        ("bind :1 ssl crt-list /l.txt", [("list of certificates", "/l.txt")]),
        ("bind :1 ssl crl-file /r.pem", [("list of revoked certificates", "/r.pem")]),
        ("bind :1 ssl tls-ticket-keys /t", [("file of ticket keys", "/t")]),
        ("bind :1 ssl crt '/with blank.pem'", [("certificate", "/with blank.pem")]),
        ("bind crt ssl", []),
        ("server crt 10.0.0.1:80 ssl ca-file /ca.pem", [("certificate authority", "/ca.pem")]),
        ("server s 10.0.0.1:80 ssl ca-file @system-ca", []),
        ("default-server ssl crt /a.pem", [("certificate", "/a.pem")]),
        ("acl x path -i -f /x.acl", [("map or list of patterns", "/x.acl")]),
        ("http-request deny if { src -f /x.acl } !{ path -f virt@y }", [("map or list of patterns", "/x.acl")]),
        ("use_backend %[req.hdr(host),lower,map_str(/m.map,b)]", [("map or list of patterns", "/m.map")]),
        ("http-request set-map(/m.map) %[src] 1", [("map or list of patterns", "/m.map")]),
        ("http-request set-header X %[src,map_ip(/m.map)]", [("map or list of patterns", "/m.map")]),
        ("http-request return status 200 content-type a/b file /f.html", [("page", "/f.html")]),
        ("http-request deny # map(/m.map)", []),
        ("errorfile 503 /503.http", [("page", "/503.http")]),
        ("stats socket /run/s.sock user u group g", [("user", "u"), ("group", "g")]),
        ("bind :1 ssl crt '/unfinished", []),
        ("# bind :1 ssl crt /a.pem", []),
    ],
)  # fmt: skip
def test_references_of_a_line(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(str(kind), path) for kind, path in found(f"frontend f\n  {line}\n")] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("user haproxy", [(Kind.USER, "haproxy")]),
        ("group haproxy", [(Kind.GROUP, "haproxy")]),
        ("lua-load /x.lua argument", [(Kind.LUA, "/x.lua")]),
        ("ssl-dh-param-file /dh.pem", [(Kind.DH, "/dh.pem")]),
        ("chroot /var/empty", [(Kind.DIRECTORY, "/var/empty")]),
        ("server-state-file /state", [(Kind.STATE, "/state")]),
        ("server-state-base /x/\n  server-state-file global", [(Kind.STATE, "/x/global")]),
    ],
)
def test_references_of_the_global_section(line: str, expected: list[tuple[Kind, str]]) -> None:
    assert found(f"global\n  {line}\n") == expected


def test_users_of_a_userlist_are_no_accounts() -> None:
    assert found("userlist u\n  user a password b\n  group g users a\n") == []


def test_bases_are_put_in_front_of_relative_paths() -> None:
    text = "global\n crt-base /c\n ca-base /a\nfrontend f\n bind :1 ssl crt x.pem crt /y.pem ca-file z.pem\n"
    assert [path for _, path in found(text)] == ["/c/x.pem", "/y.pem", "/a/z.pem"]


def test_variables_are_replaced() -> None:
    text = 'frontend f\n bind :1 ssl crt "${DIR}/a.pem" crt "${NONE-/d}/b.pem"\n'
    assert [path for _, path in found(text, {"DIR": "/certs"})] == ["/certs/a.pem", "/d/b.pem"]


def test_a_reference_knows_what_to_replace() -> None:
    line = "  use_backend %[src,map(/m.map)] if { path -f '/a b' }"
    parts = {line[r.start : r.end]: (r.line, r.inside) for r in references(parse(f"frontend f\n{line}\n"), {})}
    assert parts == {"'/a b'": (2, False), "/m.map": (2, True)}


def test_the_reference_to_an_account_includes_the_word_in_front() -> None:
    line = "  stats socket /run/s.sock  user  u mode 600"
    (reference,) = references(parse(f"global\n{line}\n"), {})
    assert line[reference.start : reference.end] == "user  u"
