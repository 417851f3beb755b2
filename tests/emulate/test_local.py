"""A configuration as this machine can run it: what decides is left alone, what is of the machine is replaced."""

from __future__ import annotations

from lbgen.emulate.doors import Wall
from lbgen.emulate.local import Local, Placed, localised
from tests.emulate.reading import balancer


def local(text: str, *, doors: dict[int, str] | None = None, servers: dict[int, int] | None = None) -> Local:
    placed = Placed({Wall(None, port): to for port, to in (doors or {}).items()}, servers or {}, "/r", "t")
    return localised(balancer(text), placed, b"CERTIFICATE", b"AUTHORITY")


def lines(text: str, **rest: object) -> list[str]:
    return [line.strip() for line in local(text, **rest).text.split("\n") if line.strip()]  # type: ignore[arg-type]


def test_what_belongs_to_another_machine_is_left_out() -> None:
    text = "global\n user haproxy\n chroot /jail\n maxconn 50000\n log /dev/log local0\n tune.bufsize 20000\n"
    found = lines(text)
    assert found == ["global", "tune.bufsize 20000", "log stdout format raw local0 notice", "nbthread 1"]


def test_it_listens_where_it_is_told_to() -> None:
    found = lines("frontend a\n bind *:80,:443 ssl crt /x.pem interface eth0 alpn h2\n", doors={80: "h:1", 443: "h:2"})
    assert "bind h:1,h:2 ssl crt /r/absolute/x.pem  alpn h2" in found


def test_every_certificate_is_the_one_for_this_run() -> None:
    found = local("frontend a\n bind *:443 ssl crt /x.pem crt /dir/ crt-list /l ca-file /ca\n", doors={443: "h:2"})
    assert found.files["absolute/x.pem"] == found.files["absolute/dir"] == b"CERTIFICATE"
    assert found.files["absolute/l"] == b"/r/absolute/lbgen-certificate.pem\n"
    assert found.files["absolute/ca"] == b"AUTHORITY"


def test_a_server_is_its_stand_in_and_keeps_its_options() -> None:
    text = "backend a\n server s db.example.org:3306 check port 80 inter 5s weight 3\n"
    assert "server s 127.0.0.1:7 check  inter 5s weight 3" in lines(text, servers={2: 7})


def test_what_stays_within_haproxy_is_told_apart_from_that_of_others() -> None:
    text = "frontend a\n bind abns@x accept-proxy\nbackend b\n server s abns@x send-proxy-v2\n"
    found = lines(text)
    assert "bind abns@x-t accept-proxy" in found
    assert "server s abns@x-t send-proxy-v2" in found


def test_rules_are_as_they_were_and_the_request_is_remembered_before_them() -> None:
    text = "frontend a\n mode http\n bind *:80\n http-request deny if { path /x }\n use_backend b\n"
    found = lines(text, doors={80: "h:1"})
    rules = [line for line in found if line.startswith(("http-request", "use_backend"))]
    assert rules == [
        "http-request set-var(txn.lbgen_emulate) req.hdrs",
        "http-request deny if { path /x }",
        "use_backend b",
    ]
    assert found[-1].startswith('log-format "lbgen-emulate|0|http|')


def test_maps_are_laid_where_the_text_looks_for_them() -> None:
    text = "frontend a\n mode http\n use_backend %[req.hdr(host),lower,map(/etc/haproxy/domain2backend.map)]\n"
    placed = Placed({}, {}, "/r", "t")
    found = localised(balancer(text, {"/etc/haproxy/domain2backend.map": "a b\n"}), placed, b"", b"")
    assert "map(/r/absolute/etc/haproxy/domain2backend.map)" in found.text
    assert found.files["absolute/etc/haproxy/domain2backend.map"] == b"a b\n"


def test_a_path_does_not_lead_out_of_the_directory() -> None:
    found = local("frontend a\n bind *:443 ssl crt ../../../../x.pem\n", doors={443: "h:2"})
    assert set(found.files) == {"relative/x.pem", "absolute/lbgen-certificate.pem"}
