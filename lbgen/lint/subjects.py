"""What rules look at: an app, a pool, a fleet, a configuration."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.finding import ConfigLine
from lbgen.origin import Origin, Position
from lbgen.routing.shadows import shadows
from lbgen.routing.table import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.edgelb.pool import Pool as EdgeLbPool
    from lbgen.errors import AppError
    from lbgen.haproxy.parse import Config, Directive
    from lbgen.lint.claims import Claimed
    from lbgen.lint.context import Context
    from lbgen.marathon.apps import MarathonApp
    from lbgen.model.service import Service
    from lbgen.origin import SourceMap
    from lbgen.ports.package_options import PackageOptions
    from lbgen.routing.shadows import Shadows
    from lbgen.routing.table import Table


@dataclass(frozen=True, slots=True)
class Label:
    """A label of an app that begins with `HAPROXY`, whether anybody reads it or not.

    `index` and `name` are what `HAPROXY_{index}_{name}` is made of, None where the key is not made so. `origin` is the
    label's value.
    """

    key: str
    text: str
    index: int | None
    name: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class App:
    """An app, as its document has it.

    `ports` are its service ports as declared, 0 where Marathon has yet to choose. `services` are what its labels say
    for each of these, tasks or not, before anything is put right; values that cannot be read are left at their
    defaults there, and are in `faults`. `written` tells whether the app has a definition only, and no tasks yet.
    `memo` keeps what rules have worked out of the app for each other, by name.
    """

    app: MarathonApp
    labels: tuple[Label, ...]
    ports: tuple[int, ...]
    services: tuple[Service, ...]
    faults: tuple[AppError, ...]
    context: Context
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def id(self) -> str:
        """The app's id, as it is written."""
        return self.app.ref.written

    @property
    def origin(self) -> Origin:
        """The app as such."""
        return self.app.ref.because().origin()

    @property
    def groups(self) -> frozenset[str]:
        """The groups of all its labels."""
        texts = (each.text for each in self.labels if each.key == "HAPROXY_GROUP" or each.name == "GROUP")
        return frozenset(name for text in texts for name in text.split(","))

    def at(self, field: str) -> Origin:
        """The value at this pointer below the app, as in `container/portMappings/0`."""
        return self.app.ref.because(field).origin()

    def label(self, name: str, index: int = 0) -> Label | None:
        """The label `HAPROXY_{index}_{name}`, if the app has it."""
        return next((each for each in self.labels if each.name == name and each.index == index), None)


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool, filled in as Edge-LB does; `value` is what its document says, `pointer` where."""

    pool: EdgeLbPool
    value: Any
    document: str
    pointer: str
    context: Context

    def at(self, pointer: str) -> Origin:
        """The value at this pointer of the document, which the parts of a pool have as `at`."""
        return Origin(self.document, pointer)


@dataclass(frozen=True)
class Configuration:
    """A haproxy.cfg: a hand-written one, or one that is generated, whose lines lead back to labels.

    `balancer` names the group or the pool that it was generated for; `source_map` is None for hand-written ones.
    `files` are the texts of the maps and lists of patterns that it reads, by path or by name, as far as they are known.
    """

    config: Config
    context: Context
    source_map: SourceMap | None = None
    balancer: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def table(self) -> Table:
        """Its routing table."""
        return table_of(self.config)

    @cached_property
    def frontends(self) -> Table:
        """Its routing table without backends, which costs less."""
        return table_of(self.config, backends=False)

    @cached_property
    def shadows(self) -> Shadows:
        """Its rules that stand in each other's way."""
        return shadows(self.frontends)

    @property
    def generated(self) -> bool:
        """Whether lbgen wrote it."""
        return self.source_map is not None

    def origin(self, line: int, hint: str = "") -> Origin | None:
        """Where line `line` (from 1) comes from: a label, or the line itself in a hand-written file.

        It is None for lines of lbgen's own.
        """
        if self.source_map is not None:
            return self.source_map.origin(line, hint)
        text = self.config.text_at(line)
        column = len(text) - len(text.lstrip()) + 1
        return Origin(self.config.name, position=Position(line, column))

    def line(self, directive: Directive) -> ConfigLine | None:
        """The directive as a line of haproxy.cfg; None where that is the origin already."""
        if self.source_map is None:
            return None
        return ConfigLine(self.config.name, directive.line, directive.section, directive.raw)


@dataclass(frozen=True, slots=True)
class Balancer:
    """A load balancer of a group: what it serves, in the order of its configuration, before anything is put right.

    Both colours of a deployment group are one service here. `configuration` is None where nothing can be generated.
    """

    group: str
    services: Sequence[Service]
    configuration: Configuration | None


@dataclass(frozen=True)
class Fleet:
    """Everything that is linted together. Origins of apps are by id as written; ids may occur once only.

    `manifests` are objects of Kubernetes, by the documents that they are, and `packages` the options with which
    clusters of Kubernetes are installed. `refused` are pools that Edge-LB would refuse: they bind nothing, and are
    looked at one by one.
    """

    apps: Sequence[App]
    pools: Sequence[Pool]
    balancers: Sequence[Balancer]
    configurations: Sequence[Configuration]
    context: Context
    by_id: Mapping[str, App] = field(default_factory=dict)
    manifests: Mapping[str, Any] = field(default_factory=dict)
    refused: Sequence[Pool] = ()
    packages: Mapping[str, PackageOptions] = field(default_factory=dict)

    @cached_property
    def claimed(self) -> Claimed:
        """Who binds which ports, and who clashes with whom."""
        from lbgen.lint.claims import claimed

        return claimed(self)
