"""What one run of `lbgen emulate` begins with: signals, what runs HAProxy, and advice where there is nothing to run."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lbgen.cli.streams import say
from lbgen.emulate.binary import BinaryEngine
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.emulate.binary import Directory
    from lbgen.emulate.engine import Engine
    from lbgen.emulate.reading import Read, Wanted
    from lbgen.pipeline.checking import Checking

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Set at the first signal that asks for an end, whether there is a terminal or not; a second one interrupts."""
    stop = threading.Event()

    def end(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, end) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def be_deaf() -> None:
    """Has signals wait for nothing any more: what is being removed is removed, however impatient somebody is."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def advice(found: Read, wanted: Wanted) -> str:
    """What may help those who have named apps for Edge-LB."""
    if wanted.auto_pools or "no-app-in-group" not in {finding.rule for finding in found.findings}:
        return ""
    if not any('"edgelb.' in document.text for document in found.documents.values()):
        return ""
    return "; with --auto-pools the pools are served that Edge-LB makes of edgelb.* labels"


def templates(wanted: Wanted) -> list[str]:
    """The directory of the operator's templates, if there is one."""
    named = wanted.options.templates
    return [str(named)] if named is not None else []


def engine_for(wanted: Wanted, directory: Directory) -> Engine:
    """What runs HAProxy: as the check does it, a binary where there is one, unless an image is named."""
    from lbgen.check.binary import find_binary
    from lbgen.check.container import default_image
    from lbgen.emulate.container import ContainerEngine

    chosen: Checking = wanted.checking
    binary = find_binary(chosen.haproxy_bin)
    if chosen.how == "binary" or (chosen.how == "auto" and chosen.image is None and binary is not None):
        if binary is None:
            raise ToolError("there is no HAProxy on this machine", help="install haproxy, or take --how container")
        return BinaryEngine(binary, f"HAProxy at {binary}", directory)
    return ContainerEngine(chosen.image or default_image(wanted.options.target), lambda text: say(f"lbgen: {text}"))
