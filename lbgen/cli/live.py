"""What listens on this machine now, as `ss` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.errors import ToolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMMAND = ("ss", "-Hlntup")
_SECONDS = 30


def listening_of(given: Mapping[str, Any]) -> tuple[str, str]:
    """What `--listening` gives, or with `--live` what this machine says, and where that is from; empty without either.

    Raises UsageError where both are given, ToolError where nobody can be asked.
    """
    if not given.get("live"):
        return given["listening"] or ("", "")
    if given["listening"] is not None:
        raise UsageError("--live asks this machine, and --listening gives what another one said: give one of them")
    # Most runs start no program.
    import subprocess

    try:
        ended = subprocess.run(  # noqa: S603 - the command is lbgen's own
            _COMMAND, capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        help_ = "iproute2 brings it; --listening takes what it says elsewhere"
        raise ToolError("--live asks ss, which is not there or does not answer", help=help_) from None
    if ended.returncode:
        raise ToolError(f"ss fails: {' '.join(ended.stderr.split()):.200}")
    return ended.stdout, " ".join(_COMMAND)
