"""What a HAProxy that is not started yet knows: it is asked, since versions are patched and backported."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.check.binary import find_binary
from lbgen.live.haproxy import command
from lbgen.pipeline.options import DEFAULT_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTING = "HAPROXY_GLOBAL_DEFAULT_OPTIONS"
_WAITS = "idle-close-on-response"
_SECONDS = 60


def knows(binary: str | None, option: str) -> bool:
    """Whether the HAProxy of this name or path takes the option in `defaults`; not where there is none."""
    found = find_binary(binary)
    if found is None:
        return False
    times = "".join(f"  timeout {which} 1s\n" for which in ("connect", "client", "server"))
    with tempfile.TemporaryDirectory(prefix="lbgen-") as directory:
        file = Path(directory, "haproxy.cfg")
        file.write_text(f"defaults\n  mode http\n  option {option}\n{times}listen l\n  bind 127.0.0.1:1\n")
        return command.run((found, "-c", "-f", str(file)), _SECONDS).well


def patient(environ: Mapping[str, str], binary: str | None) -> Mapping[str, str]:
    """The environment, so that by default clients that keep their connections do not notice a reload.

    An old worker closes connections that nobody uses just now, and who sends a request at that moment gets no answer;
    from 2.4 on it can wait for that request. An operator's own list of options stays as it is.
    """
    if _SETTING in environ or not knows(binary, _WAITS):
        return environ
    return {**environ, _SETTING: f"{DEFAULT_OPTIONS},{_WAITS}"}
