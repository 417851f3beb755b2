"""What can be done with pools, whoever asks: made, read, changed, removed, each in one transaction; and rendered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lbgen.edgelb import schema
from lbgen.edgelb.defaults import filled
from lbgen.server.refusals import bad, changed_meanwhile, no_pool, other_version, pool_exists
from lbgen.server.rendering import load, problem
from lbgen.server.running import Wanted
from lbgen.server.shown import shown
from lbgen.server.store import StoredPool
from lbgen.server.trying import Trial
from lbgen.server.validation import check

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.server.known_tasks import KnownTasks
    from lbgen.server.rendering import Renderer, Rendering
    from lbgen.server.running import Running
    from lbgen.server.store import Store, Transaction

Document = dict[str, Any]
_MOST_FAULTS = 5


class Pools:
    """The pools of a store, what they are rendered with, and what runs for them."""

    def __init__(
        self, store: Store, renderer: Renderer, tasks: KnownTasks, running: Running, trial: Trial | None = None
    ) -> None:
        self.running = running
        self.tasks = tasks
        self._trial = Trial(None) if trial is None else trial
        self._store = store
        self._renderer = renderer

    def all(self, version: str | None = None) -> list[StoredPool]:
        """All pools, or those of one version, by name."""
        found = self._store.read(lambda state: state.pools())
        return [pool for pool in found if version in {None, pool.version}]

    def get(self, name: str, version: str | None = None) -> StoredPool:
        """The pool of this name; raises Refusal where there is none, or none of this version."""
        return self._store.read(lambda state: existing(state, name, version))

    def create(self, version: str, document: Document) -> StoredPool:
        """Adds the pool; raises Refusal where it does not hold together or its name is taken."""
        name = checked(version, document)

        def work(state: Transaction) -> StoredPool:
            if state.pool(name) is not None:
                raise pool_exists(name)
            return state.add_pool(name, version, document)

        return self._done(self._store.write(work))

    def update(self, version: str, document: Document, expected: Sequence[int] | None = None) -> StoredPool:
        """Puts the pool in the place of the one of its name; raises Refusal where there is none to replace.

        `expected` are revisions, one of which that one must have; None allows any.
        """
        checked(version, document)
        return self._done(self._store.write(lambda state: replace_pool(state, version, document, expected)))

    def upsert(
        self, version: str, documents: Sequence[Document], expected: Sequence[int] | None = None
    ) -> list[StoredPool]:
        """Adds or replaces the pools, all or none of them; raises Refusal for the first that cannot be had."""
        for document in documents:
            checked(version, document)

        def work(state: Transaction) -> list[StoredPool]:
            return [put_pool(state, version, document, expected) for document in documents]

        made = self._store.write(work)
        self.follow()
        return made

    def delete(self, name: str, version: str | None = None, expected: Sequence[int] | None = None) -> None:
        """Removes the pool; raises Refusal where there is none."""

        def work(state: Transaction) -> None:
            as_expected(existing(state, name, version), expected)
            state.remove_pool(name)

        self._store.write(work)
        self.follow()

    def set_template(self, name: str, text: str | None, expected: Sequence[int] | None = None) -> StoredPool:
        """Gives the pool a template of its own, which has been tried, None the built-in one; raises Refusal."""

        def work(state: Transaction) -> StoredPool:
            as_expected(existing(state, name), expected)
            return _there(state.change_pool(name, template=text), name)

        return self._done(self._store.write(work))

    def try_template(self, name: str, text: str) -> str:
        """Who has tried what the template makes of the pool, in words; raises Refusal where that is not good enough."""
        pool = self.get(name)
        without, with_it = self.render(pool._replace(template=None)), self.render(pool._replace(template=text))
        if without.text is None:
            raise bad(f"pool {pool.name}: {without.problem}")
        if with_it.text is None:
            raise bad(with_it.problem, **({} if with_it.error is None else with_it.error.where))
        told = self._trial.of(with_it.text, without.text)
        if told.faults:
            said = "; ".join(map(str, told.faults[:_MOST_FAULTS]))
            faults = [fault._asdict() for fault in told.faults[:_MOST_FAULTS]]
            raise bad(f"{told.by} refuses what the template of the pool makes: {said}", faults=faults)
        return f"{told.by} alone: {told.why}" if told.why else told.by

    def render(self, pool: StoredPool) -> Rendering:
        """The configuration of the pool with the tasks of now."""
        return self._renderer.render(pool, self.tasks.known.tasks)

    def wanted(self) -> list[Wanted]:
        """What should run for all pools."""
        known = self.tasks.known
        return [
            Wanted(pool.name, pool.revision, known.fingerprint, _count(pool), partial(self._to_run, pool))
            for pool in self.all()
        ]

    def _to_run(self, pool: StoredPool) -> Rendering:
        """What should run for the pool: nothing else than before where nobody knows the tasks that it asks for."""
        rendering, known = self.render(pool), self.tasks.known
        if known.fingerprint or not known.problem or not _asks_for_tasks(rendering):
            return rendering
        return rendering._replace(text=None, problem=f"the tasks are not known: {known.problem}")

    def revisions(self) -> list[tuple[str, int]]:
        """The names of all pools with their revisions: another one, wherever it was made, is seen there."""
        return [(pool.name, pool.revision) for pool in self.all()]

    def follow(self) -> None:
        """Has what runs follow what is kept."""
        self.running.apply(self.wanted)

    def _done(self, pool: StoredPool) -> StoredPool:
        self.follow()
        return pool


def _asks_for_tasks(rendering: Rendering) -> bool:
    backends = rendering.pool.backends if rendering.pool is not None else ()
    return any(wanted.set for each in backends for service in each.services for wanted in service.wanted)


def checked(version: str, document: Document) -> str:
    """The name of the pool; raises Refusal for what Edge-LB, or else HAProxy, would refuse it for."""
    check(version, filled(schema.POOLS[version], document))
    document["apiVersion"] = version
    loaded = load(StoredPool(document["name"], version, document, 0))
    if not loaded.pools:
        raise bad(problem(loaded.findings) or "the pool cannot be rendered")
    return str(document["name"])


def existing(state: Transaction, name: str, version: str | None = None) -> StoredPool:
    """The pool of this name; raises Refusal where there is none, or none of this version."""
    pool = state.pool(name)
    if pool is None:
        raise no_pool(name)
    if version not in {None, pool.version}:
        raise other_version(name, str(version))
    return pool


def as_expected(pool: StoredPool, expected: Sequence[int] | None) -> None:
    """Raises Refusal where the pool has none of these revisions."""
    if expected is not None and pool.revision not in expected:
        raise changed_meanwhile(f"pool {pool.name}")


def replace_pool(
    state: Transaction, version: str, document: Mapping[str, Any], expected: Sequence[int] | None
) -> StoredPool:
    """The pool of this name with another document; raises Refusal where it is not there, or in another namespace."""
    name = document["name"]
    old = existing(state, name, version)
    as_expected(old, expected)
    if _namespace(old.document, version) != _namespace(document, version):
        sentence = f"changing namespace currently not supported: please uninstall pool {name}"
        raise bad(f"{sentence} and create it again")
    return _there(state.change_pool(name, document=document), name)


def put_pool(
    state: Transaction, version: str, document: Mapping[str, Any], expected: Sequence[int] | None = None
) -> StoredPool:
    """The pool, added or in the place of the one of its name."""
    if state.pool(document["name"]) is not None:
        return replace_pool(state, version, document, expected)
    if expected is not None:
        raise changed_meanwhile(f"pool {document['name']}")
    return state.add_pool(document["name"], version, document)


def _namespace(document: Mapping[str, Any], version: str) -> str:
    return str(filled(schema.POOLS[version], document).get("namespace") or "")


def _there(pool: StoredPool | None, name: str) -> StoredPool:
    if pool is None:
        raise no_pool(name)
    return pool


def _count(pool: StoredPool) -> int:
    return int(shown(pool).get("count", 1))
