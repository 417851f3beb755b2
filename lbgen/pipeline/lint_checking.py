"""HAProxy's verdicts on everything that is linted, as findings."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from lbgen import check
from lbgen.dataclass import dataclass
from lbgen.pipeline.checking import from_apps_checked, told
from lbgen.pipeline.inputs import Inputs
from lbgen.pipeline.pools import PoolOptions, checked, from_pool
from lbgen.pipeline.resolve import StandIns

if TYPE_CHECKING:
    from lbgen.finding import Finding
    from lbgen.lint.subjects import Balancer, Configuration
    from lbgen.pipeline.checking import Checking
    from lbgen.pipeline.lint_inputs import LintInputs
    from lbgen.pipeline.options import Options


@dataclass(slots=True)
class Verdicts:
    """What HAProxy says, and what is to be told of how it was asked."""

    findings: list[Finding] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def verdicts(inputs: LintInputs, options: Options, checking: Checking) -> Verdicts:
    """What HAProxy says of the configuration of each group and pool, and of each hand-written one.

    Raises ToolError where there is no HAProxy to ask.
    """
    asking = _Asking(replace(options, hosts=StandIns(options.hosts)), checking)
    for balancer in inputs.fleet.balancers:
        if balancer.configuration is not None:
            asking.of_group(balancer, inputs)
    for configuration in inputs.fleet.configurations:
        if not configuration.generated:
            asking.of_file(configuration)
    asking.of_pools(inputs)
    result = asking.verdicts
    result.said = list(dict.fromkeys(result.said))
    return result


class _Asking:
    """Asks HAProxy, and collects what it says."""

    def __init__(self, options: Options, checking: Checking) -> None:
        self._options = options
        self._checking = checking
        self.verdicts = Verdicts()

    def of_group(self, balancer: Balancer, inputs: LintInputs) -> None:
        """About the configuration of a group, as lbgen would write it."""
        members = [app.app for app in inputs.fleet.apps if balancer.group in app.groups]
        options = replace(self._options, groups=(balancer.group,))
        result = from_apps_checked(Inputs(members), options, self._checking)
        named = [
            replace(each, config=replace(each.config, document="haproxy.cfg")) if each.config is not None else each
            for each in result.findings
        ]
        self._note(named, result.tool, result.supplied)

    def of_file(self, configuration: Configuration) -> None:
        """About a hand-written configuration."""
        config = configuration.config
        verdict = check.check(
            str(config),
            name=config.name,
            how=self._checking.how,
            haproxy_bin=self._checking.haproxy_bin,
            image=self._checking.image,
            target=self._options.target,
        )
        found = check.findings(verdict, config)
        # A line of a file that somebody wrote is the place itself.
        placed = [
            replace(each, origin=configuration.origin(each.config.line), config=None)
            if each.config is not None and each.config.line and each.origin is None
            else each
            for each in found
        ]
        self._note(placed, verdict.tool, verdict.supplied)

    def of_pools(self, inputs: LintInputs) -> None:
        """About the configuration of every pool."""
        dialect = "portable" if self._options.portable else "edge-lb"
        options = PoolOptions(dialect=dialect, target=self._options.target)
        for pool in inputs.fleet.pools:
            made = from_pool(pool.pool, None, options)
            result = checked(made, options, self._checking, f"{pool.pool.name}.cfg")
            self._note([each for each in result.findings if each not in made.findings], result.tool, result.supplied)

    def _note(self, findings: list[Finding], tool: str, supplied: tuple[str, ...]) -> None:
        self.verdicts.findings += findings
        self.verdicts.said += told(tool, supplied, self._options.target) if tool else []
