"""The portable text of every fleet is accepted by every HAProxy without a word, and starts on a bare machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.templates.container import container
from integration.traffic.dialects import written
from integration.traffic.fleets import all_fleets
from lbgen import check
from lbgen.haproxy.messages import Level
from lbgen.haproxy.parse import parse

if TYPE_CHECKING:
    from pathlib import Path

    from integration.traffic.fleet import Fleet

FLEETS = all_fleets()
EVERY_FLEET = pytest.mark.parametrize("fleet", FLEETS, ids=str)
# Prints of every configuration its name, and then what HAProxy said, and whether it was still there afterwards.
_START_ALL = """
export LC_ALL=C
for file in /fleets/*/haproxy.cfg; do
  echo "$file"
  haproxy -D -p /tmp/pid -f "$file" 2>&1 && read pid < /tmp/pid && kill "$pid" && echo started
  while kill -0 "$pid" 2> /tmp/gone; do sleep 0.01; done
done
"""


@EVERY_FLEET
def test_is_accepted_without_a_warning(haproxy_image: str, fleet: Fleet) -> None:
    made = written(fleet, "portable")
    verdict = check.check(made.text, how="container", image=haproxy_image, extra_files=made.maps, diagnostics=True)
    said = [each.message.text for each in verdict.messages if not each.own and each.message.severity != Level.NOTICE]
    assert (verdict.accepted, verdict.status, said) == (True, 0, [])


@EVERY_FLEET
def test_leaves_no_app_out(fleet: Fleet) -> None:
    assert written(fleet, "portable").left_out == 0


@EVERY_FLEET
def test_gives_no_name_twice_as_haproxy_3_3_demands(fleet: Fleet) -> None:
    config = parse(written(fleet, "portable").text)
    proxies = [section.name for section in config.sections if section.kind in {"frontend", "backend", "listen"}]
    assert sorted(proxies) == sorted(set(proxies))
    for section in config.sections:
        servers = [server.values[0] for server in section.named("server")]
        assert sorted(servers) == sorted(set(servers)), section.header


@pytest.mark.parametrize("open_files", [1024, 20000])
def test_starts_on_a_bare_machine(
    haproxy_image: str, certificates: dict[str, bytes], tmp_path: Path, open_files: int
) -> None:
    files = certificates | {path: text for fleet in FLEETS for path, text in _files(fleet).items()}
    for path, content in files.items():
        target = tmp_path / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    mounts = {tmp_path / "fleets": "/fleets", tmp_path / "etc/ssl": "/etc/ssl"}
    with container(haproxy_image, ["sleep", "600"], mounts, open_files=open_files, init=True) as machine:
        said = machine.execute(_START_ALL)
    paths = sorted(fleet.config_path for fleet in FLEETS)
    # 2.2 says of every proxy that it started.
    told = [line for line in said.splitlines() if not line.startswith("Proxy ")]
    assert told == [line for path in paths for line in (path, "started")]


def _files(fleet: Fleet) -> dict[str, bytes]:
    made = written(fleet, "portable")
    return {fleet.config_path: made.text.encode(), **made.maps}
