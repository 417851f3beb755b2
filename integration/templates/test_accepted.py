"""Every default text is accepted by every HAProxy, without a word of warning, and starts on a bare machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.templates import text
from integration.templates.container import checked, container

if TYPE_CHECKING:
    from pathlib import Path


MAPS = {"domain2backend.map": "shop.example shop_web_10000\n", "app2backend.map": "/shop/web shop_web_10000\n"}
LEVELS = ("[WARNING]", "[ALERT]", "[DIAG]", "[NOTICE]")
OPTIONAL = {"lua_dir": "/lua", "stats_socket": "/tmp/haproxy.sock", "state_dir": "/state"}


@pytest.fixture
def mounts(tmp_path: Path, certificates: Path) -> dict[Path, str]:
    """What /conf, /certs, /lua and /state are in the container; the configuration is still to be written."""
    for name, lines in MAPS.items():
        tmp_path.joinpath(name).write_text(lines)
    state = tmp_path / "state"
    state.mkdir()
    state.joinpath("global").write_text("1\n")
    return {tmp_path: "/conf", certificates: "/certs", text.LUA: "/lua", state: "/state"}


def write(mounts: dict[Path, str], configuration: str) -> None:
    next(iter(mounts)).joinpath("haproxy.cfg").write_text(configuration)


def test_every_template_is_in_one_of_the_configurations() -> None:
    used = {name for shape in text.SHAPES.values() for names, _ in shape for name in names.split()}
    of_servers = {f"BACKEND_SERVER_{mode}_HEALTHCHECK_OPTIONS" for mode in ("HTTP", "TCP")}
    assert used | of_servers == {path.stem for path in text.ROOT.glob("marathon_lb/*.j2")}


@pytest.mark.parametrize("constants", [{}, OPTIONAL], ids=["bare", "with everything optional"])
@pytest.mark.parametrize("shape", text.SHAPES)
def test_is_accepted_without_a_warning(
    haproxy_image: str, mounts: dict[Path, str], shape: str, constants: dict[str, str]
) -> None:
    write(mounts, text.whole(shape, **constants))
    status, output = checked(haproxy_image, mounts)
    assert (status, output.splitlines()[-1:]) == (0, ["Configuration file is valid"]), output
    assert not [line for line in output.splitlines() if line.startswith(LEVELS)], output


@pytest.mark.parametrize("open_files", [1024, 20000])
@pytest.mark.parametrize("mode", ["-db", "-W"])
def test_starts_without_a_warning(haproxy_image: str, mounts: dict[Path, str], mode: str, open_files: int) -> None:
    write(mounts, text.whole("plain"))
    command = ["haproxy", mode, "-f", "/conf/haproxy.cfg"]
    with container(haproxy_image, command, mounts, open_files=open_files) as ran:
        ran.wait_until_healthy()
        said = [line for line in ran.log().splitlines() if line.startswith(("[WARNING]", "[ALERT]", "[DIAG]"))]
        assert said == []


def test_starts_in_the_background_without_a_warning(haproxy_image: str, mounts: dict[Path, str]) -> None:
    write(mounts, text.whole("plain"))
    with container(haproxy_image, ["sleep", "60"], mounts) as ran:
        said = ran.execute("haproxy -D -f /conf/haproxy.cfg 2>&1")
        ran.wait_until_healthy()
        assert not [line for line in said.splitlines() if line.startswith("[")]
