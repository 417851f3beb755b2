"""What `--run` means: by what the pools run, and where they are reached."""

from __future__ import annotations

import socket
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.check.binary import find_binary
from lbgen.check.container import default_image, engine_answers
from lbgen.cli.streams import say
from lbgen.edgelb.checks.texts import is_host
from lbgen.errors import ToolError, UsageError
from lbgen.server.running import Instance, Nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.server.instances.engine import Engine
    from lbgen.server.running import Running

# Of networks that nobody has: it is not spoken to, only asked which way it would be.
_ELSEWHERE = ("192.0.2.1", 9)


def how_to_run(given: Mapping[str, Any], data: Path) -> Callable[[], Running]:
    """What begins to run pools of the directory; raises UsageError where options do not go together."""
    kind = given["run_by"]
    if kind is None:
        if given["public_addresses"]:
            raise UsageError("--public-address goes with --run: nothing is reached where nothing runs")
        return Nobody
    if given["dialect"] != "portable":
        raise UsageError("--run goes with --dialect portable: Edge-LB's own text needs Edge-LB's containers")
    if given["stats_socket"]:
        raise UsageError("--stats-socket does not go with --run: each pool has a socket of its own, master.sock")
    for address in given["public_addresses"]:
        if not is_host(address):
            raise UsageError(f"--public-address: {address} is no address")
    return partial(_instances, given, data, _chosen(kind, given))


def _chosen(kind: str, given: Mapping[str, Any]) -> str:
    """The kind itself, or the one that this machine has."""
    if kind == "auto":
        kind = "container" if given["image"] or not find_binary(given["haproxy_bin"]) else "process"
        if kind == "container" and not given["image"] and not engine_answers():
            help_ = "install HAProxy (the package is called haproxy almost everywhere), or start Docker"
            raise ToolError("--run: there is neither HAProxy nor a container engine on this machine", help=help_)
    for option, name, other in (("image", "--image", "process"), ("haproxy_bin", "--haproxy-bin", "container")):
        if kind == other and given[option] and given["how"] in {"auto", "none"}:
            raise UsageError(f"{name} does not go with --run {other}")
    return kind


def _instances(given: Mapping[str, Any], data: Path, kind: str) -> Running:
    from lbgen.server.instances.running import Instances

    root = data / "run"
    try:
        for directory in (root, data / "certificates"):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ToolError(f"cannot use the directory {data}: {error.strerror}") from None
    engine = _engine(kind, given, data)
    other = _other(kind, root)
    where = Instance(private=(own_address(),), public=given["public_addresses"])
    return Instances(root, data / "certificates", engine, where, {other.kind: other} if other else {})


def _engine(kind: str, given: Mapping[str, Any], data: Path) -> Engine:
    from lbgen.server.instances.container import Containers
    from lbgen.server.instances.engine import Processes, needed_binary

    if kind == "process":
        return Processes(needed_binary(given["haproxy_bin"]))
    image = given["image"] or default_image(given["target"])
    reads = [data / "certificates", *([Path(given["lua_dir"])] if given["lua_dir"] else [])]
    return Containers(image, data / "run", reads)


def _other(kind: str, root: Path) -> Engine | None:
    """What ends pools that were started otherwise, where there are any."""
    from lbgen.server.instances.container import Containers
    from lbgen.server.instances.engine import Processes

    if kind == "container":
        return Processes(None)
    if not any(_says(file, "container") for file in root.glob("*/started-by")):
        return None
    try:
        return Containers(None, root)
    except ToolError as error:
        say(f"lbgen: what ran as a container cannot be ended: {error}")
        return None


def _says(file: Path, word: str) -> bool:
    try:
        return file.read_text().strip() == word
    except OSError:
        return False


def own_address() -> str:
    """The address of this machine that others reach it at, or that of loopback where it has no other."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.connect(_ELSEWHERE)
        found = ip_address(asked.getsockname()[0])
        if not found.is_unspecified:
            return str(found)
    return "127.0.0.1"
