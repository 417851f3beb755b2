"""Pools on their way: out of the file that is sent, checked before it is, and out of what a server answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen import source
from lbgen.edgelb.reading import Loaded, candidates, load_pools
from lbgen.errors import InputError, ToolError, UsageError
from lbgen.finding import Severity
from lbgen.model.border import Fault
from lbgen.pipeline.pools import PoolInputs, read_pools

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.edgelb.pool import Pool


class Given(NamedTuple):
    """The pool of a file as it is written there, its version, and what lbgen's own reader says of it.

    `pool` is None where there is none that could be sent; the findings then say why. `guessed` says that the version is
    nowhere written.
    """

    pool: Mapping[str, Any] | None
    version: str
    guessed: bool
    inputs: PoolInputs

    @property
    def faulty(self) -> bool:
        """Whether the pool would not work, or not be accepted."""
        return any(finding.severity is Severity.ERROR for finding in self.inputs.findings)


def read_given(path: str, stdin_name: str | None = None) -> Given:
    """The one pool of a file; `-` is standard input. Raises UsageError where it holds any other number."""
    if Path(path).is_dir():
        raise UsageError(f"{path} is a directory, not the file of a pool")
    inputs = read_pools([path], stdin_name=stdin_name)
    try:
        values = [source.load(document) for document in inputs.documents.values()]
        found = [each for value in values for each in candidates(value)]
    except (Fault, InputError):
        return Given(None, "", guessed=False, inputs=inputs)
    if len(found) > 1 or (values and not found) or len(values) > 1:
        raise UsageError("only one pool may be created or updated at a time", help=f"{path} holds {len(found)}")
    pools = [*inputs.pools, *inputs.refused]
    if not pools or not found:
        return Given(None, "", guessed=False, inputs=inputs)
    written = found[0].value
    return Given(written, pools[0].version, "apiVersion" not in written and not found[0].version, inputs)


def answered(value: Mapping[str, Any]) -> Pool:
    """The pool that a server answered with; raises ToolError where it is none."""
    loaded = Loaded()
    load_pools("the answer", value, loaded)
    pools = [*loaded.pools, *loaded.refused]
    if len(pools) != 1:
        raise ToolError("the server answers with what is no pool")
    return pools[0]
