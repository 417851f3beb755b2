"""The haproxy.cfg that a package brings, and one with much in it, give no finding; HAProxy takes them too."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from lbgen.check.container import container_place
from lbgen.finding import Severity
from lbgen.haproxy.messages import Level, parse_messages
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options
from lbgen.testing.plugin import give_up

MUCH = Path(__file__).with_name("much.cfg")
PACKAGED = "/etc/haproxy/haproxy.cfg"


def test_a_configuration_with_much_in_it_is_fine(haproxy_image: str, haproxy_version: str) -> None:
    text = MUCH.read_text()
    with container_place(haproxy_image, {}, diagnostics=False) as place:
        messages = parse_messages(place.run(text, {}, []).output, place.config_path)
    assert [message.raw for message in messages if message.severity in {Level.ALERT, Level.WARNING}] == []
    assert findings(MUCH, haproxy_version) == []


def test_the_configuration_of_the_package_is_fine(haproxy_image: str, haproxy_version: str, tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if docker is None:
        give_up("needs docker to look into an image")
    asked = subprocess.run(
        [docker, "run", "--rm", "--entrypoint", "cat", haproxy_image, PACKAGED], capture_output=True, check=False
    )
    # Official images bring none.
    if asked.returncode != 0:
        return
    path = tmp_path / "haproxy.cfg"
    path.write_bytes(asked.stdout)
    assert findings(path, haproxy_version) == []


def findings(path: Path, version: str) -> list[str]:
    """What lint has to say of a file, hints included."""
    result = lint([str(path)], Options(target=version, groups=()))
    return [f"{each.rule}: {each.message}" for each in result.findings if each.severity > Severity.INFO]
