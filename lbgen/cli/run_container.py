"""What a container of Marathon-LB took from its environment when it started."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.errors import ToolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CERTIFICATE = "/etc/ssl/cert.pem"
_MOST_CERTIFICATES = 101
_LIFETIME = timedelta(days=3650)


def poll_interval(environ: Mapping[str, str]) -> float:
    """Seconds between two generations in the mode poll; raises UsageError where they are none."""
    text = environ.get("POLL_INTERVAL") or "60"
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 1e6:
        raise UsageError(f"POLL_INTERVAL should be a number of seconds, is {text!r:.60}")
    return seconds


def templates(environ: Mapping[str, str]) -> Path | None:
    """The templates that were put into the sandbox of the task, if any were."""
    sandbox = environ.get("MESOS_SANDBOX")
    found = Path(sandbox) / "templates" if sandbox else None
    return found if found is not None and found.is_dir() else None


def ignored(environ: Mapping[str, str]) -> list[str]:
    """Sentences about variables that the container took, and that say nothing here."""
    syslog = ["HAPROXY_SYSLOGD does nothing here: HAProxy's log goes to standard error"]
    vault = ["VAULT_TOKEN does nothing here: give certificates by file, or in HAPROXY_SSL_CERT"]
    return syslog * bool(environ.get("HAPROXY_SYSLOGD")) + vault * bool(environ.get("VAULT_TOKEN"))


def set_kernel(environ: Mapping[str, str], root: Path = Path("/proc/sys")) -> list[str]:
    """Sets what HAPROXY_SYSCTL_PARAMS says; sentences about what cannot be set, where that is no reason to end.

    Raises ToolError where it is, which HAPROXY_SYSCTL_NONSTRICT changes.
    """
    words = environ.get("HAPROXY_SYSCTL_PARAMS", "").split()
    failed = {word: why for word in words if (why := _set(word, root))}
    said = [f"HAPROXY_SYSCTL_PARAMS: {word!r:.80} cannot be set: {why}" for word, why in failed.items()]
    if said and not environ.get("HAPROXY_SYSCTL_NONSTRICT"):
        raise ToolError(said[0], help="HAPROXY_SYSCTL_NONSTRICT=1 goes on without it")
    return said


def _set(word: str, root: Path) -> str:
    """Sets this; why not, where it cannot be."""
    name, equals, value = word.partition("=")
    if not equals or not all(name.replace("/", ".").split(".")):
        return "it should be name=value"
    try:
        (root / name.replace(".", "/")).write_bytes(os.fsencode(f"{value}\n"))
    except OSError as error:
        return str(error.strerror)
    return ""


def certificates(environ: Mapping[str, str], given: Sequence[str], directory: Path = Path("/etc/ssl")) -> list[str]:
    """The certificates to serve: those given, then those of the environment, which are written to `directory`.

    Raises ToolError where one cannot be written.
    """
    found = list(given)
    if first := environ.get("HAPROXY_SSL_CERT"):
        numbers = ["", *map(str, range(_MOST_CERTIFICATES))]
        texts = {f"cert{number}.pem": environ.get(f"HAPROXY_SSL_CERT{number}") for number in numbers}
        for name, text in (texts | {"cert.pem": first}).items():
            if text:
                _write(directory / name, os.fsencode(_unescaped(text)))
                found.append(str(directory / name))
    return list(dict.fromkeys(found))


def _unescaped(text: str) -> str:
    r"""The text with line feeds where it has `\n`: an environment variable often cannot hold them."""
    return text.replace("\\n", "\n")


def ensure_certificate(path: Path) -> None:
    """Makes a self-signed certificate where there is none; raises ToolError where it cannot be written."""
    if path.exists():
        return
    from lbgen.check.throwaway import self_signed

    _write(path, self_signed(["*"], _LIFETIME))


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        raise ToolError(f"cannot write {path}: {error.strerror}") from None
