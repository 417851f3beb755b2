"""What `lbgen run marathon-lb` says of itself when it begins: what it takes itself for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import lbgen
from lbgen.live.haproxy.child import Child

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lbgen.live.assembly import Settings
    from lbgen.live.contract import Haproxy
    from lbgen.live.marathon import Access


def tell_begin(given: Mapping[str, Any], access: Access, haproxy: Haproxy, config: Path, settings: Settings) -> None:
    """Logs whom it watches, what it writes, and whose HAProxy serves that."""
    log = logging.getLogger("lbgen.live")
    how = "events" if settings.rhythm.events else f"a look every {settings.rhythm.full:g} s"
    urls, groups = ", ".join(map(str, access.endpoints)), ", ".join(given["groups"])
    log.info("lbgen %s serves %s of %s, by %s", lbgen.__version__, groups, urls, how)
    log.info("it writes %s, and keeps what it knows in %s", config, settings.state_dir)
    if isinstance(haproxy, Child):
        log.info("HAProxy is its own: %s", settings.haproxy_version or "of a version that it does not tell")
    elif given["reload_command"]:
        log.info("HAProxy is somebody else's, and --command reloads it")
    else:
        log.info("HAProxy is a service of this machine; with the mode sse, or poll, lbgen would run one of its own")
