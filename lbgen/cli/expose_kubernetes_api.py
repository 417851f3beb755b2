"""`lbgen expose kubernetes-api`: the app or the pool through which kubectl reaches a Kubernetes cluster."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lbgen.cli.options import PortRange, Ports, telling
from lbgen.cli.streams import put, say
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from lbgen.expose.apiserver import ApiServer
    from lbgen.ports.package_options import PackageOptions
    from lbgen.ports.taken import PortSet

_EPILOG = """Exit status: 0 the definition is written, 1 a port is used already or a certificate is not right, 2 could
not run.

The definition is that of the documentation of DC/OS Kubernetes; lbgen lint says what is wrong with it, and --improve
writes it mended: timeouts where they have effect, no door on 9091 in clear text, statistics on loopback.

A Marathon-LB node uses --lb-ports and --service-ports; more that runs on the node is said with --beside."""

_ID = "kubectl-proxy"
_IN_VAIN = {"marathon-lb": ("stats_port", "stats_address"), "edge-lb": ("group",)}
T = TypeVar("T")


@click.command(epilog=_EPILOG)
@click.option("--via", type=click.Choice(["marathon-lb", "edge-lb"]), default="marathon-lb", show_default=True)
@click.option("--service-name", metavar="NAME", help="The Kubernetes package's service.  [default: kubernetes]")
@click.option("--id", "name", metavar="NAME", default=_ID, show_default=True, help="The id of the app or pool.")
@click.option("--port", type=click.IntRange(1, 65535), default=6443, show_default=True, help="Where clients connect.")
@click.option(
    "--verify",
    type=click.Choice(["none", "ca"]),
    help="Whether the API server's certificate is verified.  [default: none; ca with a service account in --options]",
)
@click.option(
    "--ca-file",
    metavar="PATH",
    help="Who may have signed it: a file on the load balancer.  [default: DC/OS Enterprise's bundle]",
)
@click.option(
    "--ssl-cert", metavar="PATH", help="The certificate that Marathon-LB shows.  [default: /etc/ssl/cert.pem]"
)
@click.option("--group", metavar="NAME", help="The Marathon-LB that exposes it.  [default: external]")
@click.option("--stats-port", type=click.IntRange(0, 65535), help="The pool's statistics.  [default: 6090]")
@click.option(
    "--stats-address", metavar="ADDRESS", help="Where they are.  [default: everywhere; 127.0.0.1 with --improve]"
)
@click.option("--passthrough", is_flag=True, help="Do not end TLS, so that client certificates reach the API server.")
@click.option("--sni", metavar="HOST", help="With --passthrough: only connections that ask for this host name.")
@click.option("--improve", is_flag=True, help="Mend what is wrong with the published definition.")
@click.option("--options", "options_", metavar="FILE", help="The options of the Kubernetes package, in JSON.")
@click.option(
    "--beside", metavar="PATH", multiple=True, help="An app, pool, manifest or haproxy.cfg of the same nodes."
)
@click.option("--lb-ports", type=Ports(), help="Marathon-LB's own.  [default: 80,443,9090,9091]")
@click.option("--service-ports", type=PortRange(), help="What Marathon gives to apps.  [default: 10000-10150]")
@click.option("-o", "--output", metavar="FILE", help="Write the definition here.  [default: standard output]")
@click.option(
    "--make-certificates", metavar="DIR", help="Make the certificates of an aggregation layer, and nothing else."
)
@click.option("--check-certificates", metavar="DIR", help="Say what is wrong with such certificates, and nothing else.")
@click.option(
    "--allowed-name",
    "allowed_names",
    metavar="NAME",
    multiple=True,
    help="Of such a certificate: the common name.  [default: aggregator]",
)
@click.option(
    "--host",
    "hosts",
    metavar="HOST",
    multiple=True,
    help="Of such a certificate: a name or address to cover. Repeatable.",
)
@click.option(
    "--subject", metavar="TEXT", help="Of such a certificate: the rest of the subject.  [default: O=k8s,OU=System]"
)
@telling
def command(**given: Any) -> int:
    """Write the definition that exposes a Kubernetes cluster's API.

    The definition is JSON; the entry of a kubeconfig and what to run next are told on standard error.
    """
    from lbgen.ports.package_options import read_package_options

    if given["make_certificates"] is not None or given["check_certificates"] is not None:
        from lbgen.cli.expose_certificates import certificates

        return certificates(given)
    options = read_package_options(given["options_"]) if given["options_"] is not None else None
    api = _api(given, options)
    used = _used(api, given)
    for port, user in used:
        say(f"lbgen: error: {port} is used on the node already, by {user}")
    if used:
        say("  = help: --port and --stats-port choose others; lbgen ports free finds some")
        return 1
    _write(api, given)
    if not given["quiet"]:
        _advise(api, options, given)
    return 0


def _api(given: dict[str, Any], options: PackageOptions | None) -> ApiServer:
    from lbgen.expose.apiserver import CA_FILE, SSL_CERT, ApiServer

    _check(given)
    signed = options is not None and options.signed
    return ApiServer(
        service_name=_first(given["service_name"], options and options.service_name, "kubernetes"),
        name=given["name"].removeprefix("/"),
        port=given["port"],
        verify=given["verify"] or ("ca" if signed or given["ca_file"] is not None else "none"),
        ca_file=_first(given["ca_file"], CA_FILE),
        ssl_cert=_first(given["ssl_cert"], SSL_CERT),
        group=_first(given["group"], "external"),
        stats_port=_first(given["stats_port"], 6090),
        stats_address=given["stats_address"],
        passthrough=given["passthrough"],
        sni=given["sni"],
        improved=given["improve"],
    )


def _first(*values: T | None) -> T:
    """The first of the values that is given, be it empty."""
    return next(value for value in values if value is not None)


def _check(given: dict[str, Any]) -> None:
    """Raises UsageError for options that do not go together."""
    if given["sni"] is not None and not given["passthrough"]:
        raise UsageError("--sni chooses among connections that are passed through: it needs --passthrough")
    if given["verify"] == "none" and given["ca_file"] is not None:
        raise UsageError("--ca-file is for --verify ca")
    for option in ("ssl_cert", "ca_file", "verify"):
        if given["passthrough"] and given[option] is not None:
            raise UsageError(f"--{option.replace('_', '-')}: with --passthrough the load balancer ends no TLS")
    for option, what in (("hosts", "host"), ("allowed_names", "allowed-name"), ("subject", "subject")):
        if given[option]:
            raise UsageError(f"--{what} is for --make-certificates and --check-certificates")
    if given["via"] == "edge-lb" and given["ssl_cert"] is not None:
        raise UsageError("--ssl-cert: a pool shows $AUTOCERT; name a secret in its certificates")


def _used(api: ApiServer, given: dict[str, Any]) -> list[tuple[int, str]]:
    """The definition's ports that somebody uses, and who does."""
    from dataclasses import replace

    from lbgen.cli.telling import tell
    from lbgen.expose.node_ports import Node
    from lbgen.finding import Severity
    from lbgen.pipeline.options import Options

    via_pool, options = given["via"] == "edge-lb", replace(Options(), **_known(given))
    node = Node(given["beside"], options, own=not via_pool or bool(_known(given)))
    tell([each for each in node.findings if each.severity is Severity.ERROR], node.documents, given)
    ports = [api.port, api.stats_port] if via_pool else [api.port]
    used = [(port, user) for port in ports if port and (user := node.user_of(port, api.name)) is not None]
    if via_pool and api.port == api.stats_port:
        used.append((api.port, "the pool's own statistics"))
    return used


def _known(given: dict[str, Any]) -> dict[str, Any]:
    """What is said of a Marathon-LB's ports."""
    return {name: given[name] for name in ("lb_ports", "service_ports") if given[name] is not None}


def _taken(api: ApiServer, given: dict[str, Any]) -> PortSet:
    """The ports that the load balancer has on its nodes."""
    from dataclasses import replace

    from lbgen.pipeline.options import Options
    from lbgen.ports.address import Ports
    from lbgen.ports.taken import PortSet

    via_pool, known = given["via"] == "edge-lb", _known(given)
    found = [api.port, api.stats_port] if via_pool else [api.port]
    if known or not via_pool:
        options = replace(Options(), **known)
        found += [*options.lb_ports, *options.service_ports]
    return PortSet(Ports(port, port) for port in found if port)


def _write(api: ApiServer, given: dict[str, Any]) -> None:
    from pathlib import Path

    from lbgen.expose.marathon_app import marathon_app
    from lbgen.expose.pool import pool
    from lbgen.pipeline.output import write_files

    definition = pool(api) if given["via"] == "edge-lb" else marathon_app(api)
    text = json.dumps(definition, indent=2) + "\n"
    if given["output"] is None:
        put(text)
    else:
        write_files({Path(given["output"]): text})


def _advise(api: ApiServer, options: PackageOptions | None, given: dict[str, Any]) -> None:
    from lbgen.expose.advice import kubeconfig, next_commands, remarks

    for option in _IN_VAIN[given["via"]]:
        if given[option] is not None:
            say(f"lbgen: --{option.replace('_', '-')} says nothing here: it is not for {given['via']}")
    for remark in remarks(api, options, _taken(api, given)):
        say(f"lbgen: {remark}")
    say("\nIn your kubeconfig, with a public node's address:\n")
    say("".join(f"  {line}\n" for line in kubeconfig(api).splitlines()))
    say("Next:\n")
    file = given["output"] or f"{api.name}{'-pool' if given['via'] == 'edge-lb' else ''}.json"
    for line in next_commands(given["via"], shlex.quote(file), given["options_"] and shlex.quote(given["options_"])):
        say(f"  {line}")
