"""Who stands behind a load balancer: one stand-in for each server of its configuration, which answers who it is."""

from __future__ import annotations

from importlib.resources import files as resources
from itertools import count
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.regex import regex
from lbgen.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.emulate.balancer import Balancer
    from lbgen.haproxy.parse import Directive, Section

_LOCAL = regex(r"(?:unix|abns|abnsz|fd|sockpair)@|/")
_FRAME = """\
global
  lua-load {root}/stub.lua
  lua-load {root}/standins.lua
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
frontend http
  bind 127.0.0.1:{http} accept-proxy
  bind 127.0.0.1:{tls} accept-proxy ssl crt {root}/standin.pem
{http_binds}\
  http-request use-service lua.who unless {{ hdr(upgrade) -m found }}
  default_backend tunnel
backend tunnel
  server self 127.0.0.1:{tunnel}
frontend upgrade
  mode tcp
  bind 127.0.0.1:{tunnel}
  tcp-request content use-service lua.upgrade
frontend tcp
  mode tcp
{tcp_binds}\
  tcp-request inspect-delay 400ms
  acl hello req.ssl_hello_type 1
  tcp-request content accept if hello
  tcp-request content accept if HTTP
  tcp-request content use-service lua.greet if !HTTP
  use_backend tls if hello
  default_backend http
backend http
  mode tcp
  server self 127.0.0.1:{http} send-proxy-v2
backend tls
  mode tcp
  server self 127.0.0.1:{tls} send-proxy-v2
"""


@dataclass(frozen=True, slots=True)
class StandIn:
    """What stands for a server: `task` of `of` (from 1) of the app, which is the backend's name where there is none.

    `address` is what the configuration has, `line` where. `plain` tells whether it is reached with HTTP or anything;
    `tls` and `proxy` whether with TLS and with the PROXY protocol.
    """

    balancer: str
    backend: str
    server: str
    app: str
    task: int
    of: int
    address: str
    line: int
    http: bool
    tls: bool
    proxy: bool

    @property
    def role(self) -> tuple[str, ...]:
        """What sets it apart, and how it is spoken to: as long as that stays, so does its port."""
        return self.backend, self.server, str(self.http), str(self.tls), str(self.proxy)


def stand_ins(balancer: Balancer) -> list[StandIn]:
    """One for each server of the configuration that is not within HAProxy itself."""
    return [each for section in balancer.config.sections for each in _of_section(section, balancer)]


def servers(section: Section) -> list[Directive]:
    """The lines of a backend's servers that lead out of HAProxy."""
    if section.kind not in {"backend", "listen"}:
        return []
    return [each for each in section.directives if _leads_out(each)]


def place(directive: Directive) -> int:
    """Which of the words behind the keyword is the address of a server."""
    return 2 if directive.keyword == "server-template" else 1


def _leads_out(directive: Directive) -> bool:
    if directive.keyword not in {"server", "server-template"} or directive.problem is not None:
        return False
    values = directive.values
    return len(values) > place(directive) and not _LOCAL.match(values[place(directive)])


def _of_section(section: Section, balancer: Balancer) -> Iterator[StandIn]:
    lines = servers(section)
    proxy = balancer.table.backends.get(section.name)
    http = proxy is not None and proxy.http
    apps = [_app(line, section, balancer) for line in lines]
    for index, line in enumerate(lines):
        words, app = line.values, apps[index]
        yield StandIn(
            balancer=balancer.name,
            backend=section.name,
            server=words[0],
            app=app,
            task=apps[: index + 1].count(app) if balancer.colours else index + 1,
            of=apps.count(app) if balancer.colours else len(lines),
            address=words[place(line)],
            line=line.line,
            http=http,
            tls="ssl" in words,
            proxy=any(word.startswith("send-proxy") for word in words),
        )


def _app(line: Directive, section: Section, balancer: Balancer) -> str:
    address = line.values[place(line)]
    return balancer.colours.get(address) or balancer.app_of(line.line) or balancer.app_of(section.line) or section.name


def configuration(placed: Mapping[StandIn, int], inner: Sequence[int], root: str) -> str:
    """The configuration of the HAProxy that plays all of them, each at its port; `inner` are three ports of its own."""
    http, tls, tunnel = inner
    return _FRAME.format(
        root=root,
        http=http,
        tls=tls,
        tunnel=tunnel,
        http_binds="".join(_bind(each, port, root) for each, port in placed.items() if each.http),
        tcp_binds="".join(_bind(each, port, root) for each, port in placed.items() if not each.http)
        or f"  bind abns@lbgen-nobody-{tunnel}\n",
    )


def _bind(each: StandIn, port: int, root: str) -> str:
    proxy = " accept-proxy" if each.proxy else ""
    tls = f" ssl crt {root}/standin.pem alpn h2,http/1.1" if each.tls else ""
    return f"  bind 127.0.0.1:{port}{proxy}{tls}\n"


def files(placed: Mapping[StandIn, int]) -> dict[str, bytes]:
    """What that configuration reads, by name: who is who, and what they answer."""
    rows = ("\t".join((str(port), *_row(each))) for each, port in placed.items())
    return {
        "stub.lua": resources("lbgen.testing").joinpath("stub.lua").read_bytes(),
        "standins.lua": resources("lbgen.emulate").joinpath("standins.lua").read_bytes(),
        "standins.tsv": "".join(f"{row}\n" for row in rows).encode(),
    }


def _row(each: StandIn) -> Iterable[str]:
    return (visible(each.app), str(each.task), str(each.of), each.backend, each.server, visible(each.address))


def free_numbers(wanted: int, taken: Iterable[int], first: int = 20001) -> list[int]:
    """So many ports from the first on that are not taken."""
    used = set(taken)
    found = (port for port in count(first) if port not in used)
    return [next(found) for _ in range(wanted)]
