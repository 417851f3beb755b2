"""Whether a master can start itself anew, as it does when it is reloaded: its program may have been replaced since."""

from __future__ import annotations

from pathlib import Path

from lbgen.live.haproxy import command
from lbgen.live.haproxy.private import command_line

_SECONDS = 30


def obstacle(pid: int) -> str:
    """Why the master with this pid could not start itself anew, "" where it can.

    Up to 2.6 one that fails to ends with all its workers; later ones serve on, but never answer again.
    """
    program = command_line(pid)[:1]
    if not program or _is_same(f"/proc/{pid}/exe", program[0]):
        return ""
    # Another version was installed, or is just being installed.
    done = command.run((program[0], "-v"), _SECONDS)
    return "" if done.well else f"HAProxy cannot start itself anew: {done.said}"


def _is_same(running: str, program: str) -> bool:
    try:
        return Path(running).samefile(program)
    except OSError:
        return False
