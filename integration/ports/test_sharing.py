"""Who answers where several frontends have a port: what lbgen.ports says, and what HAProxy and the kernel do."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import partial
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

    from integration.templates.container import Running

PORTS = range(20001, 20005)
HOSTS = ("127.0.0.1", "127.0.0.2", "::1")
ADDRESSES = (
    *("*:{}", ":{}", "0.0.0.0:{}", "127.0.0.1:{}", "127.1:{}", "127.0.0.2:{}", "ipv4@127.0.0.2:{}"),
    *(":::{}", "[::]:{}", "ipv6@:{}", ":::{} v4v6", ":::{} v6only", "[::1]:{}", "::1:{}"),
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
        text += f"frontend f{number}\n"
        for _ in range(chance.choice([1, 1, 2])):
            first = chance.choice(PORTS)
            ports = f"{first}-{min(first + 1, PORTS[-1])}" if chance.random() < 0.2 else str(first)
            text += f"  bind {chance.choice(ADDRESSES).format(ports)}\n"
        text += f"  http-request return status 200 content-type text/plain string f{number}\n\n"
    return text


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


# Bash would write the request line by line, and wait for the kernel each time.
SCRIPT = r"""
perl -MIO::Socket::IP -e '
for my $host (qw({hosts})) {{ for my $port (qw({ports})) {{ for my $try (1..{tries}) {{
  my $socket = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port) or last;
  syswrite $socket, "GET / HTTP/1.0\r\n\r\n";
  my @lines = <$socket>;
  print "$host $port $lines[-1]\n";
}} }} }}'
"""


def observed(running: Running) -> dict[tuple[str, int], set[str]]:
    """The frontends that answer, by address."""
    script = SCRIPT.format(hosts=" ".join(HOSTS), ports=" ".join(map(str, PORTS)), tries=TRIES)
    answers: dict[tuple[str, int], set[str]] = defaultdict(set)
    for line in running.execute(script).splitlines():
        host, port, name = line.split()
        answers[host, int(port)].add(name)
    return answers


@pytest.mark.parametrize("seed", range(4))
def test_who_answers_is_who_should(haproxy_image: str, tmp_path: Path, seed: int) -> None:
    text = configuration(seed)
    (tmp_path / "haproxy.cfg").write_text(text)
    found = claims(text)
    assert len(clashes(found)) > FRONTENDS / 3
    command, mounts = ["haproxy", "-db", "-f", "/conf/haproxy.cfg"], {tmp_path: "/conf"}
    with_ipv6 = {"net.ipv6.conf.all.disable_ipv6": "0"}
    with container(haproxy_image, command, mounts, network_mode="none", sysctls=with_ipv6) as running:
        running.execute("for try in $(seq 100); do grep -q :4E2 /proc/net/tcp /proc/net/tcp6 && exit; sleep 0.1; done")
        answers = observed(running)
    for host in HOSTS:
        for port in PORTS:
            names, either = expected(found, host, port)
            got = answers[host, port]
            assert got == names or (either and got and got < names), (host, port, got, names, text)
