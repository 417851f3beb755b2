"""What must hold of a pool, beyond the types of its values: every fault of it, each with its pointer."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from lbgen.edgelb.checks.backends import backends
from lbgen.edgelb.checks.cloud import cloud
from lbgen.edgelb.checks.frontends import frontends
from lbgen.edgelb.checks.head import head
from lbgen.edgelb.checks.references import references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Pool
    from lbgen.edgelb.said import Said

__all__ = ["faults"]


def faults(pool: Pool) -> Iterator[Said]:
    """Everything that Edge-LB, or HAProxy, would refuse the pool for."""
    return chain(head(pool), cloud(pool), frontends(pool), backends(pool), references(pool))
