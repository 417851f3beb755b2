"""The command line: commands are loaded when they are asked for."""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import click

import lbgen
from lbgen.cli.streams import OutputClosed, begin, say, settle
from lbgen.errors import LbgenError, ToolError

if TYPE_CHECKING:
    from lbgen.origin import Origin

_EPILOG = "Results go to standard output, everything else to standard error."


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used; `lazy` is module and help text by name."""

    def __init__(self, *args: object, lazy: dict[str, tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of all commands."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of this name, imported."""
        if cmd_name not in self._lazy:
            return None
        module = importlib.import_module(self._lazy[cmd_name][0])
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """What the command returns; raises OutputClosed where nobody reads what it prints."""
        try:
            result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
        except BrokenPipeError:
            # click would take it for success.
            raise OutputClosed from None
        return result

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Lists the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._lazy.items()])


COMMANDS = {
    "haproxy": ("lbgen.cli.haproxy", "Generate haproxy.cfg from apps and pools."),
    "convert": ("lbgen.cli.convert", "Convert between the ways of describing a load balancer."),
    "lint": ("lbgen.cli.lint", "Find what is wrong before it is deployed."),
    "rule": ("lbgen.cli.rule", "Explain the rules of lint."),
    "schema": ("lbgen.cli.schema", "Print JSON Schemas for editors."),
    "emulate": ("lbgen.cli.emulate", "Try apps and pools behind a real HAProxy on this machine."),
    "run": ("lbgen.cli.run", "Run a live load balancer."),
    "serve": ("lbgen.cli.serve", "Serve APIs that other tools speak to."),
    "edgelb": ("lbgen.cli.edgelb", "Manage the pools of an Edge-LB, or of lbgen's own."),
    "status": ("lbgen.cli.status", "Tell how a live load balancer is."),
    "route": ("lbgen.cli.route", "Tell where a request goes, and by which rule."),
    "ports": ("lbgen.cli.ports", "Tell who has which port, and hold ports for apps."),
    "explain-templates": ("lbgen.cli.explain_templates", "Show which templates an app is written with."),
    "hash": ("lbgen.cli.hash", "Print the hash of a password for an AUTH label."),
    "expose": ("lbgen.cli.expose", "Write definitions that expose what runs in a cluster."),
    "kube": ("lbgen.cli.kube", "Help with using a Kubernetes cluster through a load balancer."),
    "check": ("lbgen.cli.check", "Ask the real HAProxy whether it accepts a haproxy.cfg."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(lbgen.__version__, prog_name="lbgen")
def cli() -> None:
    """HAProxy configurations from Marathon labels and Edge-LB pools, proved with the real HAProxy."""


def main() -> NoReturn:
    """Runs the command line and ends the process: 0 all well, 1 findings or apps left out, 2 could not do it."""
    begin()
    try:
        status = cli(prog_name="lbgen", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        status = exit_.exit_code
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        status = 2
    except LbgenError as error:
        status = _tell(error)
    except (KeyboardInterrupt, click.Abort):
        status = 130
    except OutputClosed:
        status = 1
    except OSError as error:
        # What click prints by itself, such as a help text, finds no place.
        status = _tell(ToolError(str(error)))
    settle()
    sys.exit(status if isinstance(status, int) else 0)


def _where(origin: Origin | None) -> str:
    if origin is None:
        return ""
    position = f"{origin.position.line}:{origin.position.column}:" if origin.position else ""
    return f"{origin.document}:{position} "


def _tell(error: LbgenError) -> int:
    from lbgen.report.visible import visible

    say(visible(f"lbgen: error: {_where(error.origin)}{error}"))
    if error.help:
        say(visible(f"  = help: {error.help}"))
    return 2
