"""Who answers where several frontends have a port: what lbgen.ports says, and what HAProxy and the kernel do."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import pytest

from integration.templates.container import container
from lbgen.haproxy.parse import parse
from lbgen.ports.address import read_addresses
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.clash import Sharing, clashes
from lbgen.ports.configured import claims_of, written

if TYPE_CHECKING:
    from pathlib import Path


PORTS = range(20001, 20005)
HOSTS = ("127.0.0.1", "127.0.0.2", "::1")
ADDRESSES = (
    *("*:{}", ":{}", "0.0.0.0:{}", "127.0.0.1:{}", "127.1:{}", "127.0.0.2:{}", "ipv4@127.0.0.2:{}"),
    *(":::{}", "[::]:{}", "ipv6@:{}", ":::{} v4v6", ":::{} v6only", "[::1]:{}", "::1:{}"),
    *("*:{} interface lo", "127.0.0.1:{} interface lo", ":::{} interface lo", ":::{} v6only interface lo"),
)
PLAIN = (
    *("*:{}", "127.0.0.1:{}", ":::{}", ":::{} v6only", "[::1]:{}", "*:{} interface lo", "127.0.0.1:{} interface lo"),
    *(":::{} interface lo", ":::{} v6only interface lo", "[::1]:{} interface lo"),
)
FRONTENDS = 12
# Of three who share a port one is missed with a probability of 3 * (2/3)^60, one in ten billion.
TRIES = 60
HEAD = """\
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s

"""


def configuration(seed: int) -> str:
    """Frontends at random, of which each answers with its name."""
    chance = random.Random(seed)
    text = HEAD
    for number in range(FRONTENDS):
        lines = []
        for _ in range(chance.choice([1, 1, 2])):
            first = chance.choice(PORTS)
            ports = f"{first}-{min(first + 1, PORTS[-1])}" if chance.random() < 0.2 else str(first)
            lines.append(chance.choice(ADDRESSES).format(ports))
        text += frontend(f"f{number}", *lines)
    return text


def frontend(name: str, *lines: str) -> str:
    """One that answers with its name."""
    binds = "".join(f"  bind {line}\n" for line in lines)
    return f"frontend {name}\n{binds}  http-request return status 200 content-type text/plain string {name}\n\n"


def claims(text: str) -> list[Claim]:
    """What lbgen says of the configuration."""
    config = parse(text, "haproxy.cfg")
    return list(claims_of(config, "node", partial(written, document=config.name), generated=False))


def expected(found: list[Claim], host: str, port: int) -> tuple[set[str], bool]:
    """The frontends that should answer at this address, all those from whom nobody takes all connections.

    Tells, too, whether one of them may stand for another.
    """
    (address,) = read_addresses(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    place = {"node": "node", "address": address.address, "ports": address.ports}
    client = Claim(**place, owner="client", how="", kind=Kind.PLANNED)  # type: ignore[arg-type]
    here = [claim for claim in found if clashes([claim, client])]
    pairs = [clash for one in here for other in here if one is not other for clash in clashes([one, other])]
    lost = [clash.second for clash in pairs if clash.sharing is Sharing.FIRST]
    lost += [clash.first for clash in pairs if clash.sharing is Sharing.SECOND]
    names = {claim.owner.removeprefix("frontend ") for claim in here if not any(claim is each for each in lost)}
    return names, any(clash.sharing is Sharing.EITHER for clash in pairs)


# Bash would write the request line by line, and wait for the kernel each time. HAProxy answers once all ports are open.
SCRIPT = r"""
perl -MIO::Socket::IP -e '
my @ports = ({first} .. {last});
sub reached {{ return IO::Socket::IP->new(PeerHost => $_[0], PeerPort => $_[1]) }}
sub asked {{ syswrite $_[0], "GET / HTTP/1.0\r\n\r\n"; my @lines = readline $_[0]; return $lines[-1] }}
my $end = time + 120;
for (;;) {{
  my ($open) = grep {{ $_ }} map {{ my $port = $_; map {{ reached($_, $port) }} qw({hosts}) }} @ports;
  last if $open and asked($open) or time > $end;
  select undef, undef, undef, 0.1;
}}
for my $host (qw({hosts})) {{ for my $port (@ports) {{ for my $try (1..{tries}) {{
  my $socket = reached($host, $port) or last;
  print "$host $port ", asked($socket), "\n";
}} }} }}'
"""


def observed(image: str, directory: Path, text: str, ports: range, tries: int) -> dict[tuple[str, int], set[str]]:
    """The frontends that answer, by address."""
    (directory / "haproxy.cfg").write_text(text)
    command, mounts = ["haproxy", "-db", "-f", "/conf/haproxy.cfg"], {directory: "/conf"}
    script = SCRIPT.format(hosts=" ".join(HOSTS), first=ports.start, last=ports.stop - 1, tries=tries)
    answers: dict[tuple[str, int], set[str]] = defaultdict(set)
    with_ipv6 = {"net.ipv6.conf.all.disable_ipv6": "0"}
    with container(image, command, mounts, network_mode="none", sysctls=with_ipv6) as running:
        for line in running.execute(script).splitlines():
            host, port, name = line.split()
            answers[host, int(port)].add(name)
    return answers


@pytest.mark.parametrize("seed", range(4))
def test_who_answers_is_who_should(haproxy_image: str, tmp_path: Path, seed: int) -> None:
    text = configuration(seed)
    found = claims(text)
    assert len(clashes(found)) > FRONTENDS / 3
    answers = observed(haproxy_image, tmp_path, text, PORTS, TRIES)
    for host, port in product(HOSTS, PORTS):
        names, either = expected(found, host, port)
        got = answers[host, port]
        assert got == names or (either and got and got < names), (host, port, got, names, text)


def test_of_each_pair_who_answers_is_who_should(haproxy_image: str, tmp_path: Path) -> None:
    pairs = [tuple(frontend(f"f{each}", line) for each, line in enumerate(pair)) for pair in product(PLAIN, PLAIN)]
    ports = range(21000, 21000 + len(pairs))
    texts = ["".join(pair).replace("{}", str(port)) for port, pair in zip(ports, pairs, strict=True)]
    # Names of frontends occur once only.
    whole = "".join(text.replace("frontend f", f"frontend p{at}f") for at, text in enumerate(texts))
    answers = observed(haproxy_image, tmp_path, HEAD + whole, ports, 40)
    seen = set()
    for port, text in zip(ports, texts, strict=True):
        found = claims(HEAD + text)
        seen |= {clash.sharing for clash in clashes(found)}
        for host in HOSTS:
            names, either = expected(found, host, port)
            got = answers[host, port]
            assert got == names or (either and got and got < names), (host, got, names, text)
    assert seen == {Sharing.SPLIT, Sharing.FIRST, Sharing.SECOND, Sharing.EITHER}


def test_sockets_without_ports_go_to_one(haproxy_image: str, tmp_path: Path) -> None:
    tmp_path.joinpath("one.cfg").write_text(HEAD + frontend("f0", "unix@/tmp/s") + frontend("f1", "/tmp/s"))
    tmp_path.joinpath("none.cfg").write_text(HEAD + frontend("f0", "abns@s") + frontend("f1", "abns@s"))
    shared = [clashes(claims((tmp_path / name).read_text()))[0].sharing for name in ("one.cfg", "none.cfg")]
    assert shared == [Sharing.LAST, Sharing.REFUSED]
    script = r"""
haproxy -D -f /conf/none.cfg >/dev/null 2>&1 && echo started || echo refused
haproxy -D -f /conf/one.cfg >/dev/null 2>&1 || exit
perl -MIO::Socket::UNIX -e '
for (1..20) {
  my $socket = IO::Socket::UNIX->new(Peer => "/tmp/s") or die;
  syswrite $socket, "GET / HTTP/1.0\r\n\r\n";
  my @lines = <$socket>;
  print "$lines[-1]\n";
}'
"""
    with container(haproxy_image, ["sleep", "900"], {tmp_path: "/conf"}, network_mode="none") as running:
        refused, *answers = running.execute(script).split()
    assert (refused, len(answers), len(set(answers))) == ("refused", 20, 1)
