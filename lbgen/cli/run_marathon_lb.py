"""`lbgen run marathon-lb`: Marathon-LB's command line, and a HAProxy that no app can stop."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from lbgen.cli import run_container
from lbgen.cli.access import reaching
from lbgen.cli.options import Target, endpoints
from lbgen.cli.run_words import MODES, Words
from lbgen.cli.streams import put, say
from lbgen.pipeline.options import DEFAULT_TARGET

_EPILOG = """MODE is what the arguments of Marathon-LB's container begin with: sse listens to Marathon's events, poll
asks every POLL_INTERVAL seconds. With it certificates of the environment (HAPROXY_SSL_CERT...) and templates of the
sandbox are taken as the container took them. Without MODE and without --sse there is one generation.

HAProxy is started and kept running by lbgen. With --command, or where there is no MODE and HAProxy is installed as a
service of this machine, it is somebody else's, and lbgen only reloads it.

SIGHUP generates everything anew, SIGUSR1 reloads HAProxy, SIGTERM and SIGINT end both.

Exit status: 0 it was told to end, or its one generation is done, 2 it could not do it."""
_SECONDS = click.FloatRange(min=0)
_PORT = click.IntRange(0, 65535)
_FILE = click.Path(path_type=Path)
_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG", "NOTSET")


def _longhelp(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        put("`lbgen schema app` describes the labels, `lbgen explain-templates FILE` shows the templates of an app\n")
        ctx.exit(0)


@click.command(cls=Words, epilog=_EPILOG)
@click.argument("mode", metavar="[MODE]", required=False, type=click.Choice(MODES))
@click.option(
    "-m",
    "--marathon",
    "urls",
    multiple=True,
    default=("http://master.mesos:8080",),
    show_default=True,
    metavar="URL...",
    help="Endpoints of Marathon.",
)
@reaching
@click.option(
    "--group", "groups", multiple=True, required=True, help="Serve apps of this group; * for all. Repeatable."
)
@click.option("-s", "--sse", is_flag=True, help="Listen to Marathon's events.")
@click.option(
    "--haproxy-config",
    metavar="PATH",
    help="The file to write.  [default: /etc/haproxy/haproxy.cfg, with MODE /marathon-lb/haproxy.cfg]",
)
@click.option(
    "-c", "--command", "reload_command", metavar="COMMAND", help="Have this reload a HAProxy that is somebody else's."
)
@click.option(
    "--max-reload-retries",
    type=int,
    default=10,
    show_default=True,
    help="How often --command is tried; -1 without end.",
)
@click.option("--reload-interval", type=_SECONDS, default=10, show_default=True, help="Seconds between two tries.")
@click.option("--strict-mode", is_flag=True, help="Serve only ports with HAPROXY_{n}_ENABLED.")
@click.option("-H", "--health-check", is_flag=True, help="Serve only tasks that pass Marathon's checks.")
@click.option("--haproxy-map", is_flag=True, help="Use map files for plain vhosts.")
@click.option("--dont-bind-http-https", is_flag=True, help="Leave ports 80 and 443 alone.")
@click.option("--group-https-by-vhost", is_flag=True, help="One frontend for each vhost behind port 443.")
@click.option("--ssl-certs", metavar="FILE,...", help="Certificates of port 443.  [default: /etc/ssl/cert.pem]")
@click.option("--archive-versions", type=click.IntRange(0), default=5, show_default=True, help="Older files to keep.")
@click.option("--skip-validation", is_flag=True, help="Do not ask HAProxy whether it accepts what is written.")
@click.option("-d", "--dry", is_flag=True, help="Print what would be written where it differs, and do nothing.")
@click.option(
    "--min-serv-port-ip-per-task", type=_PORT, default=10050, show_default=True, help="First port of IP-per-task."
)
@click.option(
    "--max-serv-port-ip-per-task", type=_PORT, default=10100, show_default=True, help="Last one; both 0: none."
)
@click.option("--max-backoff", type=_SECONDS, default=300, show_default=True, help="Most seconds before reconnecting.")
@click.option("--log-level", type=click.Choice(_LEVELS, case_sensitive=False), default="INFO", show_default=True)
@click.option(
    "--log-format",
    default="text",
    show_default=True,
    metavar="text|json|FORM",
    help="Form of the log; FORM is one of Python's, with %(message)s in it.",
)
@click.option("--syslog-socket", metavar="PATH", help="Write the log there, too.  [default: /dev/null, which is none]")
@click.option(
    "--longhelp",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_longhelp,
    help="Print which commands describe labels and templates.",
)
@click.option(
    "--dialect",
    type=click.Choice(["portable", "marathon-lb"]),
    default="portable",
    show_default=True,
    help="For HAProxy 2.2 to 3.4, or word for word as Marathon-LB, for 2.0.",
)
@click.option("--target", type=Target(), default=DEFAULT_TARGET, show_default=True, help="HAProxy version aimed at.")
@click.option("--haproxy-bin", metavar="PATH", help="HAProxy binary  [default: the one found]")
@click.option("--templates", type=_FILE, metavar="DIR", help="Templates.  [default: templates, if there]")
@click.option("--unsafe-templates", is_flag=True, help="Let labels open sections and say global things.")
@endpoints
@click.option(
    "--on-error",
    type=click.Choice(["keep-last", "drop", "fail"]),
    default="keep-last",
    show_default=True,
    help="What becomes of an app that is refused: its last good form, nothing, or everything waits for it.",
)
@click.option(
    "--max-shrink",
    type=click.IntRange(0, 100),
    default=50,
    show_default=True,
    metavar="PERCENT",
    help="What may go at once; more has to be confirmed.",
)
@click.option(
    "--min-reload-spacing", type=_SECONDS, default=1, show_default=True, metavar="SECONDS", help="Between two reloads."
)
@click.option(
    "--debounce",
    type=_SECONDS,
    default=0.1,
    show_default=True,
    metavar="SECONDS",
    help="Events that come so soon after others wait.",
)
@click.option(
    "--full-sync",
    type=click.FloatRange(1),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="Until all is asked for again.",
)
@click.option(
    "--state-dir",
    type=_FILE,
    metavar="DIR",
    help="Where lbgen keeps what it knows.  [default: /var/lib/lbgen, or ~/.local/state/lbgen]",
)
@click.option(
    "--status-listen", metavar="ADDRESS:PORT", help="Tell status and metrics there, too, as on 127.0.0.1:9095."
)
@click.option("--compat-endpoints", is_flag=True, help="Take signals from everybody through port 9090, as Marathon-LB.")
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> int:
    """Watch a Marathon, write haproxy.cfg, and keep HAProxy serving it.

    It takes the command line of Marathon-LB and of its container.
    """
    sentences = ctx.meta["lbgen.ineffective"]
    if given["mode"]:
        sentences += run_container.ignored(os.environ)
        sentences += [] if given["dry"] else run_container.set_kernel(os.environ)
        given["syslog_socket"] = given["syslog_socket"] or os.environ.get("SYSLOG_SOCKET")
    for sentence in sentences:
        say(f"lbgen: {sentence}")
    from lbgen.cli.run_running import run

    return run(given, os.environ)
