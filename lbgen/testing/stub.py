"""Stub servers that answer who they are: what stands behind the HAProxy under test.

A stub is an HAProxy too, with a few lines of Lua: the one program that is there wherever HAProxy can be tested. An
`http` stub answers every request with a JSON object:

    {"stub": "web", "port": 8080, "client": "172.18.0.3", "method": "GET", "path": "/x", "query": "a=1",
     "version": "HTTP/1.1", "headers": {"host": ["example.org"]}, "body": "", "tls": {"version": "TLSv1.3",
     "server_name": "example.org", "alpn": ""}}

`tls` is there on TLS connections only. Some paths make it behave, wherever they stand in the request's path:

- `/_stub/status/503`: answers with this status;
- `/_stub/wait/5`: thinks for 5 s before it answers;
- `/_stub/silent/40`: sends its headers and the line `before`, nothing for 40 s, and the line `after`;
- any request with `Upgrade:` is answered 101, and from then on every line is sent back.

A `tcp` stub sends one line of JSON with `stub`, `port` and `client`, then sends back every line.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Literal

from lbgen.dataclass import dataclass
from lbgen.errors import UsageError
from lbgen.regex import regex
from lbgen.testing.engine import Address, Instance, Program, Site, site
from lbgen.testing.ready import ready

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.testing.engine import Kind

_NAME = regex(r"[A-Za-z0-9_.:-]+")
_FRAME = """\
global
  lua-load /lbgen/stub.lua
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
"""
_HTTP = """\
frontend {name}
  bind :{port}{tls}
  http-request use-service lua.answer unless {{ hdr(upgrade) -m found }}
  default_backend {name}_tunnel
backend {name}_tunnel
  server self 127.0.0.1:{inner}
frontend {name}_upgrade
  mode tcp
  bind 127.0.0.1:{inner}
  tcp-request content use-service lua.upgrade
"""
_TCP = """\
frontend {name}
  mode tcp
  bind :{port}{tls}
  tcp-request content use-service lua.echo
"""


@dataclass(frozen=True, slots=True)
class Stub:
    """A server to stand in for a real one.

    `name` is what it answers, and one of the names it is reached by; `hosts` are further ones, such as
    `apiserver.kubernetes.l4lb.thisdcos.directory`. `certificate` is a PEM of certificate and key: with it the stub
    speaks TLS. `kind` is `http` or `tcp`.
    """

    name: str
    port: int = 8080
    hosts: tuple[str, ...] = ()
    certificate: bytes | None = None
    kind: Literal["http", "tcp"] = "http"


class Stubs:
    """Started stubs; `stubs["web"]` is the address at which the HAProxy under test reaches the stub `web`."""

    def __init__(self, place: Site, instances: Mapping[str, Instance], stubs: Sequence[Stub]) -> None:
        self.site = place
        self._instances = instances
        self._ports = {stub.name: stub.port for stub in stubs}

    def __getitem__(self, name: str) -> Address:
        return self._instances[name].inner_address(self._ports[name])

    def logs(self, name: str) -> str:
        """What the HAProxy that plays the stub `name` wrote."""
        return self._instances[name].logs()


@contextmanager
def run_stubs(
    *stubs: Stub, engine: Kind = "auto", image: str | None = None, binary: str | None = None
) -> Iterator[Stubs]:
    """Starts the stubs, and stops them afterwards; they answer when the block begins.

    Give the result to `run_haproxy` as its `stubs` when the configuration needs their addresses. Raises ToolError
    where no HAProxy can be started.
    """
    with site(engine, image, binary) as place, stubs_on(place, stubs) as started:
        yield started


@contextmanager
def stubs_on(place: Site, stubs: Sequence[Stub]) -> Iterator[Stubs]:
    """The stubs, started on a site that is there already."""
    instances: dict[str, Instance] = {}
    with ExitStack() as stack:
        for group in _groups(stubs):
            instance = place.start(_program(group))
            stack.callback(instance.stop)
            instances.update((stub.name, instance) for stub in group)
        for instance in instances.values():
            ready(instance)
        yield Stubs(place, instances, stubs)


def _groups(stubs: Sequence[Stub]) -> list[list[Stub]]:
    """The stubs in as few groups as their ports allow; a group is one HAProxy."""
    groups: list[list[Stub]] = []
    for stub in stubs:
        if not _NAME.fullmatch(stub.name) or sum(other.name == stub.name for other in stubs) > 1:
            msg = f"stubs need names of letters, digits and _ . : -, each its own; {stub.name!r} will not do"
            raise UsageError(msg)
        free = (group for group in groups if all(other.port != stub.port for other in group))
        group = next(free, None)
        if group is None:
            groups.append([stub])
        else:
            group.append(stub)
    return groups


def _program(stubs: Sequence[Stub]) -> Program:
    taken = {stub.port for stub in stubs}
    inner = [port for port in range(20000, 20000 + 2 * len(stubs)) if port not in taken]
    text = _FRAME + "".join(_section(stub, port) for stub, port in zip(stubs, inner, strict=False))
    certificates = {_path(stub): stub.certificate for stub in stubs if stub.certificate is not None}
    lua = resources("lbgen.testing").joinpath("stub.lua").read_bytes()
    hosts = tuple(dict.fromkeys(host for stub in stubs for host in (stub.name, *stub.hosts)))
    return Program(text, {"/lbgen/stub.lua": lua, **certificates}, hosts, published=False)


def _section(stub: Stub, inner: int) -> str:
    tls = f" ssl crt {_path(stub)}" if stub.certificate is not None else ""
    template = _HTTP if stub.kind == "http" else _TCP
    return template.format(name=stub.name, port=stub.port, inner=inner, tls=tls)


def _path(stub: Stub) -> str:
    return f"/lbgen/{stub.name.replace(':', '_')}.pem"
