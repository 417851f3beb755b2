"""`lbgen lint` about ports, with what the operator knows of the machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.command import Ended

    Rules = Callable[..., list[str]]

APPS = [
    {"id": "/a", "labels": {"HAPROXY_GROUP": "external"}, "ports": [10001]},
    {"id": "/b", "labels": {"HAPROXY_GROUP": "internal", "HAPROXY_0_BIND_ADDR": "10.0.0.1"}, "ports": [10001]},
]


@pytest.fixture
def apps(tmp_path: Path) -> str:
    path = tmp_path / "apps.json"
    path.write_text(json.dumps(APPS))
    return str(path)


@pytest.fixture
def rules(run: Callable[..., Ended], apps: str) -> Rules:
    """The rules that have something to say of ports, given these options."""

    def said(*options: object, stdin: str = "") -> list[str]:
        given = ["lint", "--isolated", "--format", "json", "--select", "LBG2", *options, apps]
        ended = run(*given, stdin=stdin.encode())
        assert ended.status in {0, 1}, ended.err
        return sorted({each["rule"] for each in json.loads(ended.out)["findings"]})

    return said


def test_without_a_word_of_the_machines_there_is_nothing_to_say(rules: Rules) -> None:
    assert rules() == []


def test_groups_may_share_their_nodes(rules: Rules) -> None:
    assert rules("--shared-nodes", "external, internal") == ["port-clash", "port-clash-reserved"]
    assert rules("--shared-nodes", "external,other") == []


def test_addresses_may_be_known(rules: Rules) -> None:
    assert rules("--lb-addresses", "10.0.0.2,fd00::1") == ["bind-addr-not-local"]
    assert rules("--lb-addresses", "10.0.0.1") == []


def test_who_listens_may_be_known(rules: Rules, tmp_path: Path) -> None:
    listening = 'tcp LISTEN 0 128 0.0.0.0:10001 0.0.0.0:* users:(("node",pid=1,fd=2))\n'
    (tmp_path / "ss.txt").write_text(listening)
    assert rules("--listening", str(tmp_path / "ss.txt")) == ["foreign-listener"]
    assert rules("--listening", "-", stdin=listening) == ["foreign-listener"]
    assert rules("--listening", "-") == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--lb-addresses", "10.0.0.1,lb"], "'lb' is no IP address"),
        (["--listening", "no-such-file"], "'no-such-file' cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_used_is_said(run: Callable[..., Ended], apps: str, options: list[str], said: str) -> None:
    ended = run("lint", "--isolated", *options, apps)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err


def test_settings_may_say_it(run: Callable[..., Ended], apps: str, tmp_path: Path) -> None:
    settings = tmp_path / "lbgen.toml"
    settings.write_text('lb-addresses = ["10.0.0.2"]\nshared-nodes = ["external,internal"]\n')
    ended = run("lint", "--config", str(settings), "--format", "json", "--select", "LBG2", apps)
    found = {each["rule"] for each in json.loads(ended.out)["findings"]}
    assert found == {"bind-addr-not-local", "port-clash", "port-clash-reserved"}
