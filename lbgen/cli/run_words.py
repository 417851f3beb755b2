"""Marathon-LB's command line where it differs from everybody else's: several values behind one option, dead options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

MODES = ("sse", "poll")
"""The first word of a container's arguments."""

_SEVERAL = ("--marathon", "-m")

INEFFECTIVE = {
    "--lru-cache-capacity": (1, "what is asked for is kept as long as it is needed"),
    "--skip-config-cleanup": (0, "--on-error says what becomes of an app that is refused"),
}
"""Options that say nothing to lbgen: how many values they take, and why."""


# fmt: off
PRODUCT = (
    "--archive-versions", "--auth-credentials", "--command", "--dcos-auth-credentials", "--dont-bind-http-https",
    "--dry", "--group", "--group-https-by-vhost", "--haproxy-config", "--haproxy-map", "--health-check", "--help",
    "--log-format", "--log-level", "--longhelp", "--lru-cache-capacity", "--marathon",
    "--marathon-auth-credential-file", "--marathon-ca-cert", "--max-backoff", "--max-reload-retries",
    "--max-serv-port-ip-per-task", "--min-serv-port-ip-per-task", "--reload-interval", "--skip-config-cleanup",
    "--skip-validation", "--sse", "--ssl-certs", "--strict-mode", "--syslog-socket",
)
# fmt: on
"""Marathon-LB's long options, each of which it takes by as few letters as tell it from the others."""


class Words(click.Command):
    """A command that takes `--marathon URL URL`, options cut short, and those that say nothing any more."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is left of the arguments once the options are read."""
        said: list[str] = []
        own = {name for option in self.params for name in option.opts}
        args = [whole(arg, own) for arg in args]
        args = without_ineffective(args, said.append)
        ctx.meta["lbgen.ineffective"] = said
        return super().parse_args(ctx, repeated(args))


def whole(arg: str, own: Collection[str]) -> str:
    """The argument with an option of Marathon-LB's written out that is cut short, and is none of the `own`."""
    name, equals, value = arg.partition("=")
    if not name.startswith("--") or name in own:
        return arg
    meant = [name] if name in PRODUCT else [each for each in PRODUCT if len(name) > 2 and each.startswith(name)]
    return f"{meant[0]}{equals}{value}" if len(meant) == 1 else arg


def repeated(args: Sequence[str]) -> list[str]:
    """The arguments with the option repeated in front of each of its values."""
    made: list[str] = []
    several = ""
    taken = 0
    for arg in args:
        if arg in _SEVERAL:
            several, taken = arg, 0
            continue
        if arg.startswith("-") or (taken and "://" not in arg and arg in MODES):
            several = ""
        if several:
            made.append(several)
            taken += 1
        made.append(arg)
    return made


def without_ineffective(args: Sequence[str], say: Callable[[str], Any]) -> list[str]:
    """The arguments without the options that say nothing; `say` gets a sentence for each."""
    made: list[str] = []
    skip = 0
    for arg in args:
        if skip:
            skip -= 1
            continue
        name, equals, _ = arg.partition("=")
        if name not in INEFFECTIVE:
            made.append(arg)
            continue
        values, why = INEFFECTIVE[name]
        skip = 0 if equals else values
        say(f"{name} does nothing here: {why}")
    return made
