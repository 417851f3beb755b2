"""What `lbgen run marathon-lb` does once its options are read: builds the load balancer, and runs it to its end."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.check.binary import find_binary
from lbgen.cli import run_container
from lbgen.cli.access import access_of
from lbgen.cli.balancer import described
from lbgen.cli.run_telling import tell_begin
from lbgen.errors import ToolError
from lbgen.live import logs, surroundings
from lbgen.live.assembly import Settings, assemble, version_of
from lbgen.live.endpoint import SOCKET
from lbgen.live.haproxy import command as reloading
from lbgen.live.haproxy.child import Child
from lbgen.live.haproxy.foreign import Foreign, Patience
from lbgen.live.haproxy.knowing import patient
from lbgen.live.haproxy.sockets import sockets_of
from lbgen.live.marathon import MarathonSource
from lbgen.live.nobody import Nobody
from lbgen.live.rhythm import Rhythm
from lbgen.live.signals import Signals
from lbgen.pipeline.options import Options
from lbgen.report import wants_color

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.live.assembly import Live
    from lbgen.live.contract import Haproxy

_CONFIG, _CONFIG_OF_CONTAINER = "/etc/haproxy/haproxy.cfg", "/marathon-lb/haproxy.cfg"
_FOR_ALL = Path("/var/lib/lbgen")
_TERMINATED = 143
_MOMENT = 0.5
"""Seconds that what is being done may take to end well, once lbgen is told to end."""


def run(given: dict[str, Any], environ: Mapping[str, str]) -> int:
    """Runs until it is told to end, or once; returns the exit status.

    Raises UsageError where the options do not go together, ToolError where something that is needed is not there.
    """
    logs.set_up(
        given["log_format"],
        given["log_level"],
        syslog=given["syslog_socket"],
        color=wants_color(sys.stderr, environ),
    )
    listen = surroundings.address(given["status_listen"])
    # The first process of a container is not ended by a signal that it does not handle.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    stop = threading.Event()
    config = Path(given["haproxy_config"] or (_CONFIG_OF_CONTAINER if given["mode"] else _CONFIG)).absolute()
    state = _state_dir(given)
    access = access_of(given, given["urls"], max_backoff_seconds=given["max_backoff"])
    source = MarathonSource(access, stop)
    haproxy = _haproxy(given, config, state, stop)
    options = _options(given, environ, config, state, own=isinstance(haproxy, Child))
    settings = replace(_settings(given, environ, state), own=isinstance(haproxy, Child))
    if given["dry"]:
        from lbgen.cli.run_dry import dry

        return dry(source, options, config)
    live = assemble(source, haproxy, config, options, settings, listening=lambda: source.listening_to is not None)
    if not (given["mode"] or given["sse"]):
        live.loop.once()
        return 0
    tell_begin(given, access, haproxy, config, settings)
    with surroundings.told(live, haproxy, settings, listen, signals_for_all=given["compat_endpoints"]):
        return _run(live, haproxy, stop)


def _run(live: Live, haproxy: Haproxy, stop: threading.Event) -> int:
    """Runs beside what waits here for a signal, so that nothing that lbgen waits for holds up the end."""
    with Signals(signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1) as signals:
        loop = threading.Thread(target=_loop, args=(live, signals), name="loop", daemon=True)
        loop.start()
        try:
            _wait(live, signals)
            stop.set()
            live.triggers.stop()
            loop.join(_MOMENT)
        finally:
            _end(haproxy)
            if loop.is_alive():
                _end_children()
    return 0


def _loop(live: Live, signals: Signals) -> None:
    try:
        live.loop.run()
    finally:
        signals.wake()


def _wait(live: Live, signals: Signals) -> None:
    """Returns when lbgen is to end, or the loop has ended."""
    while number := signals.wait():
        if number == signal.SIGHUP:
            live.triggers.update("SIGHUP")
        elif number == signal.SIGUSR1:
            live.triggers.reload("SIGUSR1")
        else:
            logging.getLogger("lbgen.live").info("%s: the end", signal.Signals(number).name)
            return


def _end(haproxy: Haproxy) -> None:
    """Ends HAProxy, which finishes what it serves unless somebody asks once more."""
    if isinstance(haproxy, Child):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: haproxy.hurry())
    haproxy.stop()


def _end_children() -> None:
    """Ends what is being run, such as a check: nobody waits for what it says."""
    for children in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            for pid in children.read_text().split():
                os.kill(int(pid), signal.SIGKILL)


def _state_dir(given: Mapping[str, Any]) -> Path:
    if given["state_dir"] is not None:
        return Path(given["state_dir"]).absolute()
    if os.geteuid() == 0:
        return _FOR_ALL
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "lbgen"


def _haproxy(given: Mapping[str, Any], config: Path, state: Path, stop: threading.Event) -> Haproxy:
    """The HAProxy to serve with: lbgen's own, unless a command reloads another one."""
    once = not (given["mode"] or given["sse"])
    words = reloading.split(given["reload_command"]) if given["reload_command"] else None
    if words is None and not given["mode"]:
        words = reloading.of_service()
    if words is None and once:
        return Nobody()
    if words is not None:
        patience = Patience(given["reload_interval"], given["max_reload_retries"])
        return Foreign(config, words, stop, stats_socket=given["stats_socket"], patience=patience)
    if find_binary(given["haproxy_bin"]) is None and not given["dry"]:
        where = f"at {given['haproxy_bin']}" if given["haproxy_bin"] else "on this machine"
        raise ToolError(f"there is no HAProxy {where}", help="install it, or name one with --haproxy-bin")
    sockets = sockets_of(state).haproxy
    return Child(config, state / "haproxy", binary=given["haproxy_bin"], sockets=sockets, stop=stop)


def _options(given: dict[str, Any], environ: Mapping[str, str], config: Path, state: Path, *, own: bool) -> Options:
    certificates = [path.strip() for path in (given["ssl_certs"] or "").split(",") if path.strip()]
    templates = given["templates"]
    if given["mode"] and not given["dry"]:
        certificates = run_container.certificates(environ, certificates)
        if not certificates and not given["dont_bind_http_https"]:
            run_container.ensure_certificate(Path(run_container.CERTIFICATE))
        templates = templates or run_container.templates(environ)
    extra = {"haproxy_config": str(config), "templates": templates, "service_ports": range(10000, 10151)}
    fields = described({**given, **extra, "lb_ports": (80, 443, 9090, 9091)}, certificates)
    options = Options(**{**fields, "templates": fields["templates"] or Path("templates")}, environ=environ)
    if not own or given["dry"]:
        return options
    sockets = sockets_of(state)
    socket = options.stats_socket or str(sockets.haproxy / "stats.sock")
    return replace(
        options,
        environ=patient(environ, given["haproxy_bin"]),
        stats_socket=socket,
        state_dir=str(state / "haproxy"),
        lua_dir=options.lua_dir or surroundings.lua_dir(given["haproxy_bin"]),
        status_socket=str(sockets.own / SOCKET),
        compat_endpoints=given["compat_endpoints"],
    )


def _settings(given: Mapping[str, Any], environ: Mapping[str, str], state: Path) -> Settings:
    polls = given["mode"] == "poll"
    full = run_container.poll_interval(environ) if polls else given["full_sync"]
    return Settings(
        state_dir=state,
        haproxy_bin=given["haproxy_bin"],
        haproxy_version=version_of(given["haproxy_bin"]),
        check=not given["skip_validation"],
        on_error=given["on_error"],
        max_shrink=given["max_shrink"] / 100,
        min_reload_spacing=given["min_reload_spacing"],
        debounce=given["debounce"],
        archive_versions=given["archive_versions"],
        rhythm=Rhythm(full=full, events=not polls),
    )
