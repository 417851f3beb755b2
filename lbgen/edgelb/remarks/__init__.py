"""What is legal in a pool and hardly meant so, or good to know."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from lbgen.edgelb.remarks.paths import paths
from lbgen.edgelb.remarks.patterns import patterns
from lbgen.edgelb.remarks.routes import routes
from lbgen.edgelb.remarks.tls import tls
from lbgen.edgelb.remarks.without_effect import without_effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Pool
    from lbgen.edgelb.said import Said

__all__ = ["remarks"]


def remarks(pool: Pool) -> Iterator[Said]:
    """Everything that is to be said of a pool that can be used."""
    return chain(routes(pool), tls(pool), paths(pool), patterns(pool), without_effect(pool))
