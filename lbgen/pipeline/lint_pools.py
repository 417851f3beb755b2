"""The pools that are linted, and the configurations that they lead to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lbgen.edgelb.reading import Loaded, beside, load_pools
from lbgen.edgelb.remarks import remarks
from lbgen.edgelb.said import findings
from lbgen.errors import unexpected
from lbgen.finding import of_error
from lbgen.haproxy.parse import parse
from lbgen.lint.subjects import Configuration, Pool
from lbgen.origin import Origin
from lbgen.pipeline.pools import PoolOptions, from_pool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.edgelb.pool import Pool as EdgeLbPool
    from lbgen.finding import Finding
    from lbgen.lint.context import Context
    from lbgen.pipeline.options import Options


class LintedPools:
    """Collects pools; `told` is what reading and generating had to say of them."""

    def __init__(self) -> None:
        self._loaded = Loaded()
        self._values: dict[str, Any] = {}
        self.told: list[Finding] = self._loaded.findings

    def add(self, document: str, value: Any) -> None:
        """Adds the pools of a document's value."""
        with self._guarded(Origin(document)):
            load_pools(document, value, self._loaded)
        self._values[document] = value

    def add_running(self, document: str, value: Any) -> None:
        """Adds the pools of a document's value whose names are not there yet."""
        others = Loaded()
        with self._guarded(Origin(document)):
            load_pools(document, value, others)
        self._values[document] = value
        known = {pool.name for pool in self._loaded.pools}
        self._loaded.pools += [pool for pool in others.pools if pool.name not in known]

    def pools(self, context: Context) -> Iterator[Pool]:
        """The pools as rules see them."""
        return self._seen(self._loaded.pools, context)

    def refused(self, context: Context) -> Iterator[Pool]:
        """Those that Edge-LB would refuse, without the values that are of no use at all."""
        return self._seen(self._loaded.refused, context)

    def _seen(self, pools: Iterable[EdgeLbPool], context: Context) -> Iterator[Pool]:
        for pool in pools:
            value = _at(self._values[pool.document], pool.at)
            yield Pool(pool, value, pool.document, pool.at, context)

    def configurations(self, context: Context, options: Options) -> Iterator[Configuration]:
        """The configuration of each pool of which one can be made."""
        dialect = "portable" if options.portable else "edge-lb"
        for pool in self._loaded.refused:
            with self._guarded(Origin(pool.document, pool.at)):
                wrong = self._loaded.mistyped.get((pool.document, pool.at), ())
                self.told += findings(beside(wrong, remarks(pool), pool.at), pool.document)
        for pool in self._loaded.pools:
            with self._guarded(Origin(pool.document, pool.at)):
                made = from_pool(pool, None, PoolOptions(dialect=dialect, target=options.target))
                self.told += [*findings(remarks(pool), pool.document), *made.findings]
                if made.rendered is not None:
                    config = parse(made.rendered.text, f"{pool.name}.cfg")
                    yield Configuration(config, context, made.rendered.source_map, pool.name)

    @contextmanager
    def _guarded(self, origin: Origin) -> Iterator[None]:
        """Makes a finding of whatever goes wrong, so that the rest is linted."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever a pool holds, the others have their turn
            self.told.append(of_error(unexpected(error, origin)))


def _at(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value
