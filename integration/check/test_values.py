"""Values of labels are what HAProxy takes, on every version: balance algorithms, networks, names of servers."""

from __future__ import annotations

from lbgen.check.container import container_place
from lbgen.haproxy.balance import problem_of
from lbgen.haproxy.messages import Level, parse_messages
from lbgen.marathon.acceptable import is_network
from tests.haproxy.test_balance import ACCEPTED, REFUSED

HEAD = """\
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend web
  bind 127.0.0.1:47999
"""
NETWORKS = [
    "10.0.0.1",
    "10.0.0.0/8",
    "10.1.2.3/8",
    "10.1",
    "10.0.0.0/255.0.0.0",
    "2001:db8::/32",
    "fe80::1",
]
NO_NETWORKS = ["10.0.0.0/33", "10.0.0.0/8,10.1.0.0/16", "2001:db8::/129", "10.0.0.", "10.0.0.0/8;"]


def blamed(image: str, text: str) -> set[int]:
    """The lines that HAProxy refuses."""
    with container_place(image, {}, diagnostics=False) as place:
        verdict = place.run(text, {}, [])
        messages = parse_messages(verdict.output, place.config_path)
    return {each.line for each in messages if each.line is not None and each.severity is Level.ALERT}


def test_balance_algorithms(haproxy_image: str, haproxy_version: str) -> None:
    major, minor = map(int, haproxy_version.split("."))
    texts = [*ACCEPTED, *REFUSED, "hash src", "sticky"]
    lines = [f"backend b{index}\n  balance {text}" for index, text in enumerate(texts)]
    refused = blamed(haproxy_image, HEAD + "\n".join(lines) + "\n")
    first = HEAD.count("\n") + 2
    found = {text for index, text in enumerate(texts) if first + 2 * index in refused}
    assert found == {text for text in texts if problem_of(text, (major, minor))}


def test_networks(haproxy_image: str) -> None:
    texts = [*NETWORKS, *NO_NETWORKS]
    lines = [f"  acl a{index} src {text}" for index, text in enumerate(texts)]
    refused = blamed(haproxy_image, HEAD + "\n".join(lines) + "\n")
    first = HEAD.count("\n") + 1
    assert {text for index, text in enumerate(texts) if first + index in refused} == set(NO_NETWORKS)
    assert [is_network(text) for text in texts] == [True] * len(NETWORKS) + [False] * len(NO_NETWORKS)


def test_numbers_of_checks(haproxy_image: str) -> None:
    taken = ["inter 1s fall 1", "inter 2000000s fall 2147483647", "inter 5s fall 3 port 65535"]
    refused = ["inter 0s fall 3", "inter -1s fall 3", "inter 5s fall 0", "inter 5s fall 2147483648"]
    lines = [f"  server s{index} 10.0.0.1:80 check {text}" for index, text in enumerate([*taken, *refused])]
    first = HEAD.count("\n") + 2 + len(taken)
    found = blamed(haproxy_image, f"{HEAD}backend b\n" + "\n".join(lines) + "\n")
    assert found == set(range(first, first + len(refused)))


def test_two_servers_of_one_name(haproxy_image: str) -> None:
    text = f"{HEAD}backend b\n" + "  server kube 10.0.0.1:6443\n" * 2
    assert blamed(haproxy_image, text) == {HEAD.count("\n") + 3}
