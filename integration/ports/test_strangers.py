"""Another program has a port: where lbgen.ports sees a clash HAProxy does not start, and elsewhere it does."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from integration.templates.container import container
from lbgen.haproxy.parse import parse
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.clash import clashes
from lbgen.ports.configured import claims_of, written
from lbgen.ports.listening import read_listening

if TYPE_CHECKING:
    from pathlib import Path

FIRST_PORT = 21000


class Stranger(NamedTuple):
    """A socket as `ss` tells of it; those of another program let nobody share."""

    netid: str
    host: str
    interface: str = ""

    def line(self, port: int) -> str:
        """What `ss -Hlntu` prints."""
        state = "LISTEN" if self.netid == "tcp" else "UNCONN"
        return f"{self.netid} {state} 0 5 {self.host}{self.interface and '%'}{self.interface}:{port} *:*"


STRANGERS = (
    *(Stranger("tcp", host) for host in ("0.0.0.0", "127.0.0.1", "127.0.0.2", "*", "[::]", "[::1]")),
    Stranger("tcp", "0.0.0.0", "lo"),
    Stranger("tcp", "[::]", "lo"),
    Stranger("udp", "0.0.0.0"),
    Stranger("udp", "[::1]"),
)
BINDS = (
    *("bind *:{}", "bind 127.0.0.1:{}", "bind 127.1:{}", "bind 127.0.0.3:{}", "bind :::{}", "bind :::{} v6only"),
    *("bind [::1]:{}", "bind *:{} interface lo", "bind 127.0.0.9:9,::ffff:127.0.0.2:{}"),
)
DATAGRAMS = ("dgram-bind *:{}", "dgram-bind 127.0.0.1:{}", "dgram-bind :::{}", "dgram-bind [::1]:{}")
HEAD = "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\n"
# Opens each socket in turn, and lets HAProxy try to start beside it.
SCRIPT = r"""
cat > /tmp/try.pl <<'END'
use strict; use Socket qw(:all);
sub opened {
  my ($netid, $host, $port, $interface) = @_;
  my $six = $host =~ /\*|:/;
  socket(my $socket, $six ? AF_INET6 : AF_INET, $netid eq "tcp" ? SOCK_STREAM : SOCK_DGRAM, 0) or die $!;
  setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, $host eq "*" ? 0 : 1) if $six;
  setsockopt($socket, SOL_SOCKET, 25, "$interface\0") or die "interface: $!" if $interface;
  my $bare = $host eq "*" ? "::" : $host =~ s/[\[\]]//gr;
  bind($socket, $six ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $bare))
                     : pack_sockaddr_in($port, inet_pton(AF_INET, $bare))) or die "$host $port: $!";
  listen($socket, 5) if $netid eq "tcp";
  return $socket;
}
for my $line (<STDIN>) {
  my ($at, $netid, $host, $port, $interface) = split ' ', $line;
  my $socket = opened($netid, $host, $port, $interface);
  my $status = system("haproxy -D -p /tmp/$at.pid -f /conf/$at.cfg >/tmp/$at.log 2>&1");
  print "$at ", $status ? "refused" : "started", "\n";
  close $socket;
  system("kill -9 \$(cat /tmp/$at.pid)") unless $status;
}
END
perl /tmp/try.pl < /conf/strangers
"""


def configuration(bind: str, port: int) -> str:
    """A configuration with this one listener."""
    line = bind.format(port)
    if line.startswith("dgram-bind"):
        return f"{HEAD}log-forward one\n  {line}\n  log stderr local0\n"
    return f"{HEAD}frontend one\n  {line}\n"


def clash(text: str, stranger: Stranger, port: int) -> bool:
    """Whether lbgen says that the two clash."""
    config = parse(text, "haproxy.cfg")
    mine = claims_of(config, "node", partial(written, document=config.name), generated=False)
    (found,) = read_listening(stranger.line(port), "ss").listeners
    where = {"address": found.address, "ports": found.ports, "protocol": found.protocol, "interface": found.interface}
    theirs = Claim(node="node", owner="somebody", how="", kind=Kind.LISTENER, **where)  # type: ignore[arg-type]
    return bool(clashes([*mine, theirs]))


def test_haproxy_starts_where_there_is_no_clash(haproxy_version: str, haproxy_image: str, tmp_path: Path) -> None:
    lines, expected = [], {}
    # The first versions do not forward what is logged.
    binds = BINDS if haproxy_version == "2.2" else (*BINDS, *DATAGRAMS)
    for port, (stranger, bind) in enumerate(product(STRANGERS, binds), FIRST_PORT):
        text = configuration(bind, port)
        (tmp_path / f"{port}.cfg").write_text(text)
        lines.append(f"{port} {stranger.netid} {stranger.host} {port} {stranger.interface}\n")
        expected[str(port)] = stranger, bind, "refused" if clash(text, stranger, port) else "started"
    (tmp_path / "strangers").write_text("".join(lines))
    assert {"refused", "started"} <= {end for _, _, end in expected.values()}
    with_ipv6 = {"net.ipv6.conf.all.disable_ipv6": "0"}
    with container(haproxy_image, ["sleep", "900"], {tmp_path: "/conf"}, network_mode="none", sysctls=with_ipv6) as ran:
        ended = dict(line.split() for line in ran.execute(SCRIPT).splitlines())
    assert ended.keys() == expected.keys()
    wrong = [(at, *expected[at]) for at, end in ended.items() if end != expected[at][2]]
    assert wrong == []
