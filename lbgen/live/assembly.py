"""Puts a live load balancer together out of what the operator says."""

from __future__ import annotations

import hashlib
import subprocess
import time
from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.check.binary import find_binary
from lbgen.dataclass import dataclass
from lbgen.live.addresses import Addresses
from lbgen.live.applying import Applying, Parts
from lbgen.live.asking import Asker
from lbgen.live.choosing import KEEP_LAST
from lbgen.live.files import Files
from lbgen.live.loop import Loop
from lbgen.live.rhythm import Rhythm
from lbgen.live.rules.foreseeing import version_in
from lbgen.live.serving import Serving
from lbgen.live.shortcut import Shortcut
from lbgen.live.shrinking import Shrinking
from lbgen.live.state import State, States
from lbgen.live.store import Store
from lbgen.live.triggers import Triggers
from lbgen.live.trying import Trying
from lbgen.live.updating import Updating
from lbgen.pipeline.generate import operators_templates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lbgen.live.contract import Haproxy, Source
    from lbgen.live.updating import Asking
    from lbgen.pipeline.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator says of a live load balancer, beside what is generated.

    `state_dir` is where it keeps what it knows; nobody else reads that. `haproxy_bin` is asked whether it accepts a
    text, unless `check` is off. More than `max_shrink` of what is served, from 0 to 1, does not go at once.
    `min_reload_spacing` and `debounce` are in seconds. `own` says that lbgen starts HAProxy.
    """

    state_dir: Path
    haproxy_bin: str | None = None
    haproxy_version: str = ""
    check: bool = True
    on_error: str = KEEP_LAST
    max_shrink: float = 0.5
    min_reload_spacing: float = 1.0
    debounce: float = 0.1
    archive_versions: int = 5
    own: bool = True
    rhythm: Rhythm = field(default_factory=Rhythm)


@dataclass(frozen=True, slots=True)
class Live:
    """A load balancer ready to run: the loop, what asks it for something, and its picture."""

    loop: Loop
    triggers: Triggers
    states: States
    serving: Serving


def assemble(
    source: Source,
    haproxy: Haproxy,
    config: Path,
    options: Options,
    settings: Settings,
    *,
    asking: Asking | None = None,
    listening: Callable[[], bool] = lambda: True,
) -> Live:
    """A load balancer that has HAProxy serve the file `config`; `asking` is asked in place of the binary.

    `listening` tells whether the source hears Marathon's events at this moment.
    """
    states = States(State(started=time.monotonic(), config_path=str(config)))
    addresses = Addresses()
    serving = _serving(haproxy, config, settings, states)
    parts = _parts(serving, states, options, settings, addresses=addresses, asking=asking)
    triggers = Triggers(settings.debounce)
    loop = Loop(
        source=source,
        applying=Applying(parts),
        serving=serving,
        triggers=triggers,
        states=states,
        rhythm=settings.rhythm,
        refresh=addresses.forget,
        listening=listening,
    )
    return Live(loop, triggers, states, serving)


def _serving(haproxy: Haproxy, config: Path, settings: Settings, states: States) -> Serving:
    files = Files(config, config.parent, settings.state_dir / "versions", settings.archive_versions)
    files.clear()
    return Serving(files, haproxy, states, settings.min_reload_spacing, own=settings.own)


def _parts(
    serving: Serving,
    states: States,
    options: Options,
    settings: Settings,
    *,
    addresses: Addresses,
    asking: Asking | None,
) -> Parts:
    """Those that an update is made by, with what the last run knew."""
    store = Store(settings.state_dir, _fingerprint(options, settings))
    memory, size = store.load()
    updating = Updating(
        options,
        _asking(options, settings, asking),
        memory,
        settings.on_error,
        addresses,
        unbindable=serving.unbindable,
        version=version_in(settings.haproxy_version),
    )
    return Parts(
        updating=updating,
        trying=Trying(updating),
        serving=serving,
        shortcut=Shortcut(options, addresses),
        shrinking=Shrinking(settings.max_shrink, size if serving.text else None),
        states=states,
        store=store,
    )


def _asking(options: Options, settings: Settings, given: Asking | None) -> Asking | None:
    """Whoever is asked whether a text is accepted, None where nobody is to be."""
    if not settings.check:
        return None
    return Asker(settings.haproxy_bin, options.haproxy_dir) if given is None else given


def version_of(binary: str | None) -> str:
    """What this HAProxy says that it is, in one line; nothing where it is not there."""
    found = find_binary(binary)
    if found is None:
        return ""
    try:
        said = subprocess.run([found, "-v"], capture_output=True, timeout=30, check=False).stdout  # noqa: S603 - as named
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.decode(errors="replace").partition("\n")[0]


def _fingerprint(options: Options, settings: Settings) -> str:
    """What a verdict of HAProxy depends on beside the app."""
    templates = sorted((name, each.text) for name, each in operators_templates(options).items())
    fields = (options.dialect, options.haproxy_map, options.group_https_by_vhost, options.ssl_certs, templates)
    return hashlib.sha256(repr((settings.haproxy_version, *fields)).encode("utf-8", "surrogatepass")).hexdigest()
