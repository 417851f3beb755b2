"""Labels that replace templates: what they hold has no counterpart, unless it names servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.convert.doors import DOORS, LABELS, SERVICE, StaticServers
from lbgen.haproxy.words import LexError, lex
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lbgen.convert.doors import Moving, Report

SERVERS = "BACKEND_SERVER_OPTIONS"
HEADERS = "BACKEND_HTTP_OPTIONS"
_HIDDEN = ("FRONTEND_HEAD", "FRONTEND_BACKEND_GLUE")
# Directives that decide neither where requests go nor who may send them.
_HARMLESS_WORDS = """
    backend balance compression description fullconn hash-type http-reuse log maxconn mode option retries timeout
"""
_HARMLESS = frozenset(_HARMLESS_WORDS.split())
_BLANK = regex(r"\{[A-Za-z_0-9]+\}")
_PLACE = regex(r"(?P<host>[A-Za-z0-9._-]+):(?P<port>[0-9]{1,5})")
_UNVERIFIED = regex(r"(?:^| )ssl verify none(?= |$)")


def judge(moving: Moving, to: str, report: Report) -> None:
    """Says what becomes of the labels that replace templates."""
    overrides = moving.service.overrides
    for name, text in overrides.items():
        if name in _HIDDEN and not overrides.get("FRONTEND_HEAD", "-").strip():
            continue
        if name == SERVERS and (static := static_servers(text, http=moving.service.mode == "http")):
            _judge_static(moving, to, static, report)
        elif not (name == HEADERS and to != LABELS and not text.strip()):
            _judge_text(moving, name, text, report)


def hides_service_port(moving: Moving) -> bool:
    """Whether the frontend of the service port is replaced by nothing, which is how people hide it."""
    return not moving.service.overrides.get("FRONTEND_HEAD", "-").strip()


def _judge_text(moving: Moving, name: str, text: str, report: Report) -> None:
    words = {line.split()[0] for line in text.splitlines() if line.split() and not line.lstrip().startswith("#")}
    deciding = sorted(words - _HARMLESS)
    if not deciding:
        report.loss(moving, "replaces a template, which has no counterpart", name)
        return
    what = ", ".join(f"'{word:.40}'" for word in deciding[:3])
    doors = (SERVICE,) if name in _HIDDEN else DOORS
    text = f"replaces a template, which has no counterpart, by {what}: that may decide who gets in, and where to"
    report.lose(moving, text, name, doors=doors)


def _judge_static(moving: Moving, to: str, static: StaticServers, report: Report) -> None:
    if to == LABELS and len(static.servers) > 1:
        report.refuse(moving, f"names {len(static.servers)} servers, and a label takes one address", SERVERS)
        return
    moving.static = static
    where = ", ".join(f"{host}:{port}" for host, port, _ in static.servers)
    report.note(moving, f"names its servers, {where}, which become an endpoint of type ADDRESS", SERVERS)
    if to == LABELS and static.lines:
        lines = "; ".join(static.lines)
        report.loss(moving, f"says more than a label can: {lines:.120}", SERVERS, help="a pool can say it: --to pool")


def static_servers(text: str, *, http: bool) -> StaticServers | None:
    """The servers that a template names without any placeholder; None where it does something else."""
    if _BLANK.search(text):
        return None
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    found = [_server(line) for line in lines if line.split()[0] == "server"]
    others = [line for line in lines if line.split()[0] != "server"]
    servers = list(dict.fromkeys(server for server in found if server is not None))
    if not servers or len(servers) < len(set(found)) or not _harmless(others):
        return None
    tls = http and all(_UNVERIFIED.search(options) for _, _, options in servers)
    if tls:
        # The backend's protocol says it already.
        servers = [(host, port, _UNVERIFIED.sub("", options).strip()) for host, port, options in servers]
    kept = [line for line in dict.fromkeys(others) if line.split()[:2] != ["timeout", "client"]]
    return StaticServers(tuple(servers), tuple(kept), tls)


def _harmless(lines: Iterable[str]) -> bool:
    return all(line.split()[0] in _HARMLESS - {"backend", "mode", "balance"} for line in lines)


def _server(line: str) -> tuple[str, int, str] | None:
    try:
        words = [word.raw for word in lex(line)]
    except LexError:
        return None
    place = _PLACE.fullmatch(words[2]) if len(words) > 2 else None
    if place is None or int(place["port"]) > 65535:
        return None
    # Edge-LB checks every server by itself.
    return place["host"], int(place["port"]), " ".join(word for word in words[3:] if word != "check")
