"""Names of the sections in one file, of which HAProxy 3.3 and later want each only once."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.edgelb.said import info

if TYPE_CHECKING:
    from lbgen.edgelb.pool import Pool
    from lbgen.edgelb.said import Said


_WHY = "HAProxy 3.3 refuses one name for two"


@dataclass(slots=True)
class ProxyNames:
    """The names of the frontends by their pointers, that of the statistics, and what is to be said of them."""

    frontends: dict[str, str] = field(default_factory=dict)
    stats: str = "stats"
    said: list[Said] = field(default_factory=list)


def proxy_names(pool: Pool) -> ProxyNames:
    """Backends keep their names, as `use_backend` in a user's own lines names them; what clashes gives way."""
    backends = {backend.name for backend in pool.backends}
    taken = backends | {frontend.name for frontend in pool.frontends}
    names = ProxyNames()
    for frontend in pool.frontends:
        name = frontend.name
        if name in backends:
            name = _free(f"{name}_in", taken)
            message = f'a backend is called "{frontend.name}" too: the frontend is written as "{name}"'
            names.said.append(
                info("section-renamed", f"{frontend.at}/name", message, "HAProxy 3.3 refuses one name for two")
            )
        names.frontends[frontend.at] = name
    if "stats" in taken:
        names.stats = _free("stats_page", taken)
        message = f'"stats" is taken by this pool: the statistics are written as "{names.stats}"'
        names.said.append(info("section-renamed", pool.stats.at, message, _WHY))
    return names


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where it is taken; it is taken from here on."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}{number}"
    taken.add(free)
    return free
