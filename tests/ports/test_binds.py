"""The listeners of a haproxy.cfg."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lbgen.haproxy.parse import parse
from lbgen.ports.binds import Bind, binds
from lbgen.ports.claim import Branch


def found(text: str) -> list[Bind]:
    return list(binds(parse(text)))


def described(text: str) -> list[str]:
    """Sections, protocols and ports."""
    return [f"{each.section.header} {each.listening.protocol} {each.listening.ports}" for each in found(text)]


def test_lines_that_bind_are_known_by_their_sections() -> None:
    text = """\
global
  stats socket /run/admin.sock mode 660
  stats socket ipv4@127.0.0.1:9999 level admin
  stats timeout 30s
frontend web
  bind *:80,*:81
  stats uri /stats
listen db
  bind :5432-5433
  server one 10.0.0.1:5432
backend none
  bind *:1
log-forward logs
  bind *:514
  dgram-bind *:514
peers us
  bind :10000 ssl crt /a.pem
  server here
peers old
  peer here 10.0.0.1:1024
  peer there 10.0.0.2:1024
"""
    assert described(text) == [
        "global tcp None",
        "global tcp 9999",
        "frontend web tcp 80",
        "frontend web tcp 81",
        "listen db tcp 5432-5433",
        "log-forward logs tcp 514",
        "log-forward logs udp 514",
        "peers us tcp 10000",
        "peers old tcp 1024",
        "peers old tcp 1024",
    ]


def test_each_item_knows_where_it_stands() -> None:
    first, second = found("frontend web\n  bind '*:80,*:81' interface eth0 namespace blue\n")
    assert [each.word.text[each.listening.start : each.listening.end] for each in (first, second)] == ["*:80", "*:81"]
    assert [each.last for each in (first, second)] == [False, True]
    assert (first.interface, first.namespace) == ("eth0", "blue")


def test_a_disabled_section_binds_nothing() -> None:
    text = "frontend web\n  disabled\n  bind *:80\nfrontend other\n  disabled\n  enabled\n  bind *:81\n"
    assert [each.binds for each in found(text)] == [False, True]


def test_branches_of_conditions_are_told_apart() -> None:
    text = """\
frontend a
  bind *:1
.if defined(X)
  bind *:2
.if defined(Y)
frontend b
  bind *:3
.endif
.elif defined(Z)
  bind *:4
.else
  bind *:5
.endif
  bind *:6
.endif
"""
    assert [each.branches for each in found(text)] == [
        (),
        (Branch(0, 0),),
        (Branch(0, 0), Branch(1, 0)),
        (Branch(0, 1),),
        (Branch(0, 2),),
        (),
    ]


def test_v6only_is_an_option_of_the_line() -> None:
    dual, alone = found("frontend a\n  bind :::80\n  bind :::80 v6only\n")
    assert (dual.listening.address.dual, alone.listening.address.dual) == (True, False)


LINES = [
    "frontend a",
    "global",
    "  bind",
    "  bind *:80",
    "  bind ''",
    "  stats socket",
    "  .if",
    ".endif",
    ".else",
    "\0",
]


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=12), max_size=12))
def test_every_text_is_read(lines: list[str]) -> None:
    for each in found("\n".join(lines)):
        assert each.listening.start < each.listening.end
