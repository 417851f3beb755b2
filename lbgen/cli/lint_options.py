"""The options of `lbgen lint`, in the groups in which people think of them."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

import click

from lbgen.cli.balancer import auto_ports, haproxy_config, port_ranges, ssl_certs
from lbgen.cli.completing import complete_rules
from lbgen.cli.options import haproxy_bin, how_to_check, image, stdin_filename, target, together
from lbgen.cli.ports_db import ports_db


class Files(click.ParamType[tuple[str, ...]]):
    """Names of files by commas."""

    name = "file,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The names."""
        names = value if isinstance(value, tuple) else tuple(each.strip() for each in str(value).split(","))
        if not all(name.isprintable() for name in names):
            self.fail("holds a character that no line of a file can hold", param, ctx)
        return tuple(filter(None, names))


class Addresses(click.ParamType[tuple[str, ...]]):
    """IP addresses by commas."""

    name = "address,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The addresses."""
        if isinstance(value, tuple):
            return value
        words = tuple(word.strip() for word in str(value).split(",") if word.strip())
        for word in words:
            try:
                ip_address(word)
            except ValueError:
                self.fail(f"{word!r} is no IP address", param, ctx)
        return words


class NamedText(NamedTuple):
    """The text of a file, and what the file is called."""

    text: str
    name: str


class TextOfFile(click.ParamType[NamedText]):
    """A file, of which the text is taken; - is standard input."""

    name = "file|-"
    _MOST = 2**26

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> NamedText:
        """The text; what is no text in it is replaced."""
        try:
            with click.open_file(str(value), encoding="utf-8", errors="replace") as file:
                return NamedText(file.read(self._MOST), "<stdin>" if value == "-" else str(value))
        except (OSError, ValueError) as error:
            self.fail(f"{value!r} cannot be read: {getattr(error, 'strerror', None) or error}", param, ctx)


FORMATS = ("text", "concise", "json", "sarif", "github", "junit")
_RULES = "RULE,..."


load_balancer = together(
    click.option("--group", "groups", multiple=True, help="Look at this group only. Repeatable."),
    click.option(
        "--dialect",
        type=click.Choice(["portable", "marathon-lb"]),
        default="portable",
        show_default=True,
        help="For HAProxy 2.2 to 3.4, or word for word as Marathon-LB.",
    ),
    target,
    port_ranges,
    ports_db,
    click.option("--lb-addresses", type=Addresses(), default="", help="The load balancer's own addresses, if known."),
    click.option(
        "--shared-nodes",
        multiple=True,
        metavar="NAME,...",
        help="Groups, pools and files that run on the same machines. Repeatable.",
    ),
    click.option(
        "--public-agents", type=click.IntRange(0), metavar="N", help="How many public agents there are, if known."
    ),
    click.option(
        "--listening", type=TextOfFile(), help="What listens on its machines: output of ss -Hlntup, - is stdin."
    ),
    click.option("--live", is_flag=True, help="What listens on this machine: asks ss."),
    ssl_certs(type=Files()),
    click.option("--haproxy-map/--no-haproxy-map", default=False, help="Map files are used for plain vhosts."),
    haproxy_config,
    click.option(
        "--group-https-by-vhost/--no-group-https-by-vhost",
        default=False,
        help="Each vhost has a frontend behind port 443.",
    ),
    click.option("--dont-bind-http-https/--bind-http-https", default=False, help="Ports 80 and 443 are left alone."),
    click.option(
        "--strict-mode/--no-strict-mode", default=False, help="Only ports with HAPROXY_{n}_ENABLED are served."
    ),
    click.option(
        "--unsafe-templates/--no-unsafe-templates",
        default=False,
        help="Labels may open sections and say global things.",
    ),
    auto_ports,
    click.option("--templates", type=click.Path(path_type=Path), metavar="DIR", help="Templates HAPROXY_<NAME>."),
    click.option("--lua-dir", metavar="DIR", help="Where lbgen's Lua files are."),
    click.option("--stats-socket", metavar="PATH", help="The stats socket."),
)
_CHECKED = "Only tasks that pass Marathon's checks are served."
balancer = together(
    load_balancer, click.option("-H/ ", "--health-check/--no-health-check", default=False, help=_CHECKED)
)
balancer_without_h = together(
    load_balancer, click.option("--health-check/--no-health-check", default=False, help=_CHECKED)
)

selecting = together(
    click.option(
        "--select",
        multiple=True,
        metavar=_RULES,
        shell_complete=complete_rules,
        help="Look for these rules only; codes, names, LBG5, ALL.",
    ),
    click.option(
        "--ignore", multiple=True, metavar=_RULES, shell_complete=complete_rules, help="Do not look for these."
    ),
    click.option(
        "--extend-select", multiple=True, metavar=_RULES, shell_complete=complete_rules, help="Look for these as well."
    ),
    click.option("--pedantic/--no-pedantic", default=False, help="Tell pedantic findings and remarks as well."),
    click.option("--exclude", multiple=True, metavar="GLOB,...", help="Do not read these files. Repeatable."),
    click.option(
        "--against", multiple=True, metavar="FILE|URL", help="What runs already: tell what the change brings."
    ),
    click.option("--baseline", metavar="FILE", help="Known findings, which are not told again."),
    click.option("--write-baseline", is_flag=True, help="Write what is found to the baseline, and tell nothing."),
)

checking = together(how_to_check("--check", "none", "Ask HAProxy too."), haproxy_bin, image)

fixing = together(
    click.option("--fix", is_flag=True, help="Mend what can be mended safely, and tell the rest."),
    click.option(
        "--unsafe-fixes", is_flag=True, help="With --fix or --diff: also fixes that may change what is meant."
    ),
    click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing."),
)

reporting = together(
    click.option(
        "--format", "format_", type=click.Choice(FORMATS), help="Form of the findings.  [default: text, or github]"
    ),
    click.option("-o", "--output-file", metavar="FILE", help="Write the findings here."),
    click.option("--statistics", is_flag=True, help="Count the findings of each rule."),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "info", "never"]),
        default="warning",
        show_default=True,
        help="The severity from which on the exit status is 1.",
    ),
    click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found."),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours in text."),
    click.option("-v", "--verbose", is_flag=True, help="Tell every finding, however many are of one kind."),
    click.option("-q", "--quiet", is_flag=True, help="Tell the findings, and nothing of the run."),
)

_exclude = click.option("--exclude", multiple=True, metavar="GLOB,...", help="Do not read these files. Repeatable.")
_settings = together(
    click.option("--config", metavar="FILE", help="Settings.  [default: the nearest lbgen.toml or pyproject.toml]"),
    click.option("--isolated", is_flag=True, help="Read no settings."),
)

files = together(_exclude, _settings)

settings = together(
    _settings,
    click.option("--show-settings", is_flag=True, help="Show what holds, and where it is said, and end."),
    click.option("--show-files", is_flag=True, help="Show the files that would be read, and end."),
)

everything = together(
    click.argument("paths", metavar="PATH...", nargs=-1),
    balancer,
    selecting,
    checking,
    fixing,
    reporting,
    settings,
    stdin_filename,
)
