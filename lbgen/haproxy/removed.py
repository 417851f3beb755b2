"""Keywords that HAProxy has dropped: since which version, and what does their work today."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Removed(NamedTuple):
    """What became of a keyword: `since` is the first version that refuses it, `instead` says in words what to use."""

    since: tuple[int, int]
    instead: str


_REQ = (2, 1)
_DENY = "http-request deny"
_CASE = "with (?i) in front of the regular expression where case does not matter"
_REPLACE = f"http-request replace-path or replace-header, {_CASE}"
_RESPONSE = f"http-response replace-header, {_CASE}"

REMOVED: Mapping[str, Removed] = {
    "appsession": Removed((1, 6), "a stick table with stick on"),
    "block": Removed(_REQ, _DENY),
    "cliexp": Removed(_REQ, _REPLACE),
    "srvexp": Removed(_REQ, _RESPONSE),
    "clitimeout": Removed(_REQ, "timeout client"),
    "contimeout": Removed(_REQ, "timeout connect"),
    "srvtimeout": Removed(_REQ, "timeout server"),
    "timeout clitimeout": Removed(_REQ, "timeout client"),
    "timeout contimeout": Removed(_REQ, "timeout connect"),
    "timeout srvtimeout": Removed(_REQ, "timeout server"),
    "redisp": Removed(_REQ, "option redispatch"),
    "redispatch": Removed(_REQ, "option redispatch"),
    "reqadd": Removed(_REQ, "http-request add-header"),
    "reqallow": Removed(_REQ, "http-request allow"),
    "reqiallow": Removed(_REQ, "http-request allow"),
    "reqdel": Removed(_REQ, "http-request del-header"),
    "reqidel": Removed(_REQ, "http-request del-header"),
    "reqdeny": Removed(_REQ, _DENY),
    "reqideny": Removed(_REQ, _DENY),
    "reqpass": Removed(_REQ, "a condition on the rules that should leave such requests alone"),
    "reqipass": Removed(_REQ, "a condition on the rules that should leave such requests alone"),
    "reqrep": Removed(_REQ, _REPLACE),
    "reqirep": Removed(_REQ, _REPLACE),
    "reqtarpit": Removed(_REQ, "http-request tarpit"),
    "reqitarpit": Removed(_REQ, "http-request tarpit"),
    "reqsetbe": Removed(_REQ, "use_backend"),
    "reqisetbe": Removed(_REQ, "use_backend"),
    "rspadd": Removed(_REQ, "http-response add-header"),
    "rspdel": Removed(_REQ, "http-response del-header"),
    "rspidel": Removed(_REQ, "http-response del-header"),
    "rspdeny": Removed(_REQ, "http-response deny"),
    "rspideny": Removed(_REQ, "http-response deny"),
    "rsprep": Removed(_REQ, _RESPONSE),
    "rspirep": Removed(_REQ, _RESPONSE),
    "option forceclose": Removed((2, 0), "option httpclose"),
    "option http-tunnel": Removed(_REQ, "nothing: HAProxy needs no such mode"),
    "option httpchk with headers": Removed((3, 0), "http-check send"),
    "option http_proxy": Removed((2, 5), "http-request set-dst and set-dst-port"),
    "bind-process": Removed((2, 7), "nothing: threads take the place of processes"),
    "stats bind-process": Removed((2, 7), "nothing: threads take the place of processes"),
    "process": Removed((2, 7), "thread"),
    "nbproc": Removed((2, 5), "nothing: threads take the place of processes"),
    "grace": Removed((2, 5), "nothing, or hard-stop-after in the global section"),
    "monitor-net": Removed((2, 5), "http-request return status 200 if { src ADDRESS }"),
    "debug": Removed((2, 3), "the command line's -d"),
    "tune.chksize": Removed((2, 5), "tune.bufsize"),
}

# Keywords that still work, and that HAProxy announces to drop.
DEPRECATED: Mapping[str, str] = {
    "option accept-invalid-http-request": "option accept-unsafe-violations-in-http-request",
    "option accept-invalid-http-response": "option accept-unsafe-violations-in-http-response",
    "tune.ssl.capture-cipherlist-size": "tune.ssl.capture-buffer-size",
    "bind-process": "nothing: threads take the place of processes",
    "process": "thread",
    "dispatch": "a server line",
    "transparent": "a server with the address 0.0.0.0",
    "option transparent": "a server with the address 0.0.0.0",
    "option forceclose": "option httpclose",
    "option httpchk with headers": "http-check send",
}
# They are deprecated from these versions on, which are too new to be asked.
DEPRECATED_SINCE: Mapping[str, tuple[int, int]] = dict.fromkeys(
    ("dispatch", "transparent", "option transparent"), (3, 3)
)
# Kinds of sections that are gone, and since when.
SECTIONS_REMOVED: Mapping[str, tuple[int, int]] = {"program": (3, 3)}
# HAProxy 3.3 and 3.4 take these; the tables, which were made of older ones, do not have them.
NEWER = frozenset(
    {
        *("option use-small-buffers", "cpu-affinity", "max-threads-per-group", "shm-stats-file", "healthcheck"),
        *("tune.bufsize.large", "tune.defaults.purge", "tune.streams-elasticity", "force-be-switch"),
        *("tune.h1.be.glitches-threshold", "tune.h1.fe.glitches-threshold", "shm-stats-file-max-objects"),
        *("eab-key-id", "eab-mac-alg", "eab-mac-key"),
    }
)
