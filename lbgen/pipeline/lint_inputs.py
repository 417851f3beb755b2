"""From files to everything that rules look at."""

from __future__ import annotations

from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen import source
from lbgen.dataclass import dataclass
from lbgen.errors import InputError
from lbgen.finding import Finding, of_error
from lbgen.haproxy.parse import parse
from lbgen.lint.subjects import Balancer, Configuration, Fleet
from lbgen.pipeline.generate import from_apps, operators_templates
from lbgen.pipeline.inputs import Inputs, add_running, read_inputs
from lbgen.pipeline.lint_subjects import app_of, as_written, context_of
from lbgen.pipeline.reserved import by_scope
from lbgen.pipeline.resolve import StandIns
from lbgen.pipeline.strangers import is_strange, is_strange_config, passed_over
from lbgen.ports.kubernetes import is_manifest
from lbgen.ports.package_options import is_package_options, looks_like_package_options, package_options

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from lbgen.lint.subjects import App, Pool
    from lbgen.marathon.apps import MarathonApp
    from lbgen.pipeline.lint_pools import LintedPools
    from lbgen.pipeline.options import Options
    from lbgen.ports.package_options import PackageOptions
    from lbgen.render.templates import Replacement

SUFFIXES = (".json", ".yaml", ".yml", ".cfg")
# What stops Marathon-LB for a template of the operator's, and a rule of that name says better.
_BY_RULE = "head-outdated"
_OF_ONE_RUN = frozenset({"no-app", "no-app-in-group", "planned"})


@dataclass(slots=True)
class LintInputs:
    """What is linted: the fleet, the documents that it came from, and what reading and generating had to say.

    `unread` names documents that could not be read, `running` those that say what runs already. `opened` tells whether
    there was any that could be opened, be it read or not, `undecided` whether options of a package are `unread`.
    """

    fleet: Fleet
    documents: dict[str, source.Document]
    told: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    running: frozenset[str] = frozenset()
    opened: bool = True
    undecided: bool = False


def read_fleet(
    paths: Sequence[str],
    options: Options,
    *,
    stdin_name: str | None = None,
    running: Sequence[source.Document] = (),
    named: Collection[str] | None = None,
) -> LintInputs:
    """Reads apps, pools and haproxy.cfg files, all of them one fleet, and generates what they lead to.

    `options.groups` are the groups that are looked at, all that occur where it is empty. No host name is resolved.
    `running` are documents of what runs already: of that, what the files describe too is left out. Raises InputError
    where one of these cannot be read. `named` are the paths that the user named, `paths` unless given: what was found
    in a directory may be something else altogether.
    """
    return _Reader(options, stdin_name, frozenset(paths if named is None else named)).read(
        source.find_documents(paths, SUFFIXES), running
    )


class _Reader:
    """Collects what is said on the way."""

    def __init__(self, options: Options, stdin_name: str | None, named: frozenset[str]) -> None:
        self._options = replace(options, hosts=StandIns(options.hosts))
        self._stdin_name = stdin_name
        self._named = named
        self._pools: LintedPools | None = None
        self._manifests: dict[str, Any] = {}
        self._packages: dict[str, PackageOptions] = {}
        self._unread_packages: list[str] = []
        self._inputs = Inputs()
        self._told: list[Finding] = []
        self._unread: list[str] = []
        self._reserved = by_scope(options.reservations)
        self._context = context_of(options, self._templates(options))

    def _templates(self, options: Options) -> dict[str, Replacement]:
        """The operator's templates; those that are files are documents that findings may point into."""
        try:
            found = operators_templates(options)
            if options.templates is not None:
                inside = [each.source for each in found.values() if options.templates in Path(each.source).parents]
                self._inputs.documents |= {name: source.read(name) for name in inside}
        except InputError as error:
            self._told.append(of_error(error))
            self._options = replace(self._options, templates=None)
            return {}
        return found

    def read(self, names: Sequence[str], running: Sequence[source.Document]) -> LintInputs:
        """The files and what comes of them."""
        written = [name for name in names if self._is_config(name)]
        others = [name for name in names if name not in set(written)]
        if others:
            templates = self._inputs.documents
            self._inputs = read_inputs(others, stdin_name=self._stdin_name, other=self._take_pool)
            self._inputs.documents |= templates
        self._add_running(running)
        self._told += self._inputs.findings
        self._unread += self._inputs.left_out
        fleet = self._fleet(list(self._configurations(written)))
        said = self._pools.told if self._pools is not None else []
        self._told += [finding for finding in said if finding.rule not in _OF_ONE_RUN]
        there = frozenset(document.name for document in running)
        documents = self._inputs.documents
        given = [self._called(name) for name in names]
        opened = [name for name in given if name in documents]
        # Findings are told in this order.
        documents = {name: documents[name] for name in opened} | documents
        self._unread += self._unread_packages
        return LintInputs(fleet, documents, self._told, self._unread, there, bool(opened), self._undecided(documents))

    def _undecided(self, documents: Mapping[str, source.Document]) -> bool:
        broken = (documents[name].text for name in self._inputs.left_out if name in documents)
        return bool(self._unread_packages) or any(map(looks_like_package_options, broken))

    def _called(self, name: str) -> str:
        return (self._stdin_name or "<stdin>") if name == source.reading.STDIN else name

    def _add_running(self, running: Sequence[source.Document]) -> None:
        for name, value in add_running(self._inputs, running, is_pool):
            self._linted_pools().add_running(name, value)

    def _linted_pools(self) -> LintedPools:
        # Whoever lints apps need not wait for all that makes a pool.
        from lbgen.pipeline.lint_pools import LintedPools

        self._pools = self._pools or LintedPools()
        return self._pools

    def _is_config(self, name: str) -> bool:
        return (self._stdin_name or name if name == "-" else name).endswith(".cfg")

    def _take_pool(self, name: str, value: Any) -> bool:
        if is_manifest(value):
            self._manifests[name] = value
            return True
        if is_pool(value):
            self._linted_pools().add(name, value)
            return True
        if is_package_options(value, named=name in self._named or name == self._called(source.reading.STDIN)):
            self._take_package(name, value)
            return True
        if name in self._named or not is_strange(value):
            return False
        self._told.append(passed_over(name))
        return True

    def _take_package(self, name: str, value: Any) -> None:
        try:
            self._packages[name] = package_options(name, value)
        except InputError as error:
            self._told.append(of_error(error))
            self._unread_packages.append(name)

    def _configurations(self, names: Iterable[str]) -> Iterator[Configuration]:
        """The files that are configurations already."""
        for name in names:
            try:
                document = source.read(name, stdin_name=self._stdin_name)
            except InputError as error:
                self._told.append(of_error(error))
                self._unread.append(name)
                continue
            self._inputs.documents[document.name] = document
            config = parse(document.text, document.name)
            if name in self._named or not is_strange_config(config):
                yield Configuration(config, self._context)
            else:
                self._told.append(passed_over(name))

    def _fleet(self, written: Sequence[Configuration]) -> Fleet:
        apps = [app_of(app, self._context) for app in self._inputs.apps]
        balancers = list(self._balancers(apps))
        made = [balancer.configuration for balancer in balancers if balancer.configuration is not None]
        pools: list[Pool] = []
        refused: list[Pool] = []
        of_pools: list[Configuration] = []
        if self._pools is not None:
            pools = list(self._pools.pools(self._context))
            refused = list(self._pools.refused(self._context))
            of_pools = list(self._pools.configurations(self._context, self._options))
        by_id = {app.id: app for app in apps}
        configurations = [*made, *of_pools, *written]
        return Fleet(
            apps, pools, balancers, configurations, self._context, by_id, self._manifests, refused, self._packages
        )

    def _balancers(self, apps: Sequence[App]) -> Iterator[Balancer]:
        """One for each group that occurs, with what is generated for it."""
        of_group: dict[str, list[MarathonApp]] = {}
        wanted = self._options.groups
        for app in apps:
            for group in sorted(app.groups):
                if not wanted or group in wanted or "*" in wanted:
                    of_group.setdefault(group, []).append(app.app)
        for group, members in sorted(of_group.items()):
            yield self._balancer(group, members)

    def _balancer(self, group: str, members: list[MarathonApp]) -> Balancer:
        options = replace(self._options, groups=(group,), reservations=self._reserved.get(group, ()))
        try:
            made = from_apps(Inputs(members, self._inputs.tasks), options)
        except InputError as error:
            self._told += [of_error(error)] if error.rule != _BY_RULE else []
            return Balancer(group, as_written(members, self._inputs, options), None)
        self._told += [finding for finding in made.findings if finding.rule not in _OF_ONE_RUN]
        configuration = None
        if made.rendered is not None:
            config = parse(made.rendered.text, "haproxy.cfg")
            source_map, maps = made.rendered.source_map, made.rendered.maps
            configuration = Configuration(config, self._context, source_map, group, maps)
        return Balancer(group, as_written(members, self._inputs, options), configuration)


def is_pool(value: Any) -> bool:
    """Whether a document's value is made of pools; what is no app either is for the reader of apps to refuse."""
    some = value[0] if isinstance(value, list) and value else value
    if not isinstance(some, dict):
        return False
    return (
        bool(some.keys() & {"haproxy", "pools"}) or isinstance(some.get("v2"), dict) or isinstance(some.get("v1"), dict)
    )
