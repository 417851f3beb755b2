"""Label by label: what goes over to Edge-LB, what becomes different, and what cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.convert import overrides
from lbgen.convert.doors import DOORS, HTTP, HTTPS, LABELS, SERVICE, Route
from lbgen.convert.paths import TO_POOL, judge_paths
from lbgen.edgelb.auto_groups import is_template
from lbgen.edgelb.auto_value import secret_file
from lbgen.haproxy.words import LexError, lex
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

    from lbgen.convert.doors import ConvertOptions, Moving, Report

    Judge = Callable[[Moving, ConvertOptions, Report], None]

_ANYWHERE = frozenset({"*", "0.0.0.0", ""})  # noqa: S104 - what the label says, and not an address to listen on
_ADDRESS = regex(r"[A-Za-z0-9.:_-]+")
_HOST = regex(r"[a-z0-9._*:-]+")
_TAKEN = {80: "every vhost has", 443: "every vhost has", 9090: "the statistics have"}


def judge(moving: Moving, options: ConvertOptions, report: Report) -> None:
    """Opens the doors of the service, says what becomes different, and closes those that cannot stay open."""
    if moving.service.mode not in {"http", "tcp"}:
        moving.doors = list(DOORS)
        report.refuse(moving, f'is "{moving.service.mode:.60}", and there are http and tcp', "MODE")
        return
    for step in _STEPS:
        step(moving, options, report)


def _doors(moving: Moving, options: ConvertOptions, report: Report) -> None:
    _open_for_vhosts(moving, report)
    if overrides.hides_service_port(moving):
        return
    if moving.port is not None:
        moving.doors.append(SERVICE)
    elif moving.doors:
        report.note(moving, "is on a port that Marathon chooses, which stays behind", help=_CHOOSE)
    else:
        moving.doors.append(SERVICE)
        report.refuse(moving, "has no vhost, and a port that only Marathon knows", help=_CHOOSE)
    _drop_unwanted(moving, options, report)


def _open_for_vhosts(moving: Moving, report: Report) -> None:
    service = moving.service
    # HAProxy takes what stands between blanks for several names.
    vhosts = list(dict.fromkeys(name for vhost in service.vhosts for name in vhost.split()))
    if vhosts and service.mode == "tcp":
        report.change(moving, "has never worked in tcp mode; only the service port goes over", "VHOST")
    elif vhosts:
        moving.doors = [HTTP, HTTPS]
        moving.routes = tuple(Route(host, path) for host in vhosts for path in _paths(moving, report))
        if bad := [host for host in vhosts if not _HOST.fullmatch(host)]:
            report.refuse(moving, f'has "{bad[0]:.60}", which is no host name', "VHOST", doors=(HTTP, HTTPS))


_CHOOSE = "HAPROXY_{n}_PORT chooses one; a reply of GET /v2/apps knows the one that was chosen"


def _drop_unwanted(moving: Moving, options: ConvertOptions, report: Report) -> None:
    dropped = [door for door in moving.doors if door not in options.doors]
    if dropped:
        moving.doors = [door for door in moving.doors if door in options.doors]
        ports = {HTTP: "port 80", HTTPS: "port 443", SERVICE: f"port {moving.port}"}
        report.note(moving, f"is no longer on {' and '.join(ports[door] for door in dropped)}, as --frontends asks for")


def _paths(moving: Moving, report: Report) -> tuple[str, ...]:
    """The path prefixes of the service; the empty one stands for all paths."""
    text = moving.service.path or ""
    try:
        read = lex(text)
    except LexError:
        read = []
    words = [word.text for word in read if word.text == word.raw]
    flags = [word for word in words if word.startswith("-")]
    paths = tuple(word for word in words if not word.startswith("-"))
    if set(flags) - {"-i"} or (text and not paths) or len(words) < len(read):
        report.refuse(moving, "is more than path prefixes", "PATH")
        return ()
    if flags:
        report.change(moving, "ignores capitals with -i, and Edge-LB does not", "PATH")
    return paths or ("",)


def _ports(moving: Moving, options: ConvertOptions, report: Report) -> None:  # noqa: ARG001 - steps are called alike
    if SERVICE in moving.doors and moving.port in _TAKEN:
        report.refuse(moving, f"is {moving.port}, which {_TAKEN[moving.port]}", "PORT", doors=(SERVICE,))
    elif SERVICE in moving.doors and not 1 <= (moving.port or 0) <= 65535:
        report.refuse(moving, f"is {moving.port}, and ports are 1 to 65535", "PORT", doors=(SERVICE,))


def _port_names(moving: Moving, options: ConvertOptions, report: Report) -> None:
    if moving.static is not None or moving.port_name is not None:
        return
    if moving.port_count > 1 or moving.service.index:
        text = f"needs a name for the app's port {moving.service.index}: Edge-LB finds ports by their names"
        report.refuse(moving, text, help='give it one, as "name": "http" beside the port')
    elif options.to == LABELS:
        report.change(moving, "has a port without a name, and Edge-LB finds ports by their names", help="name the port")


def _access(moving: Moving, options: ConvertOptions, report: Report) -> None:
    if moving.service.auth is not None and moving.service.mode == "http":
        report.lose(moving, "asks for a password, and Edge-LB does not", "AUTH")
    if moving.service.network_allowed and options.to == LABELS:
        report.lose(
            moving, "lets only some networks in, which no label does", "BACKEND_NETWORK_ALLOWED_ACL", help=TO_POOL
        )


def _bind(moving: Moving, options: ConvertOptions, report: Report) -> None:
    service = moving.service
    if SERVICE not in moving.doors:
        return
    if service.bind_addr not in _ANYWHERE:
        if options.to == LABELS:
            text = f"binds to {service.bind_addr:.60}, and labels bind to every address"
            report.lose(moving, text, "BIND_ADDR", doors=(SERVICE,), help=TO_POOL)
        elif not _ADDRESS.fullmatch(service.bind_addr):
            text = f'is "{service.bind_addr:.60}", and a pool takes one address'
            report.refuse(moving, text, "BIND_ADDR", doors=(SERVICE,))
    if service.bind_options and options.to == LABELS:
        report.lose(moving, "has no counterpart among labels", "BIND_OPTIONS", doors=(SERVICE,), help=TO_POOL)


def _certificates(moving: Moving, options: ConvertOptions, report: Report) -> None:
    service = moving.service
    if not service.ssl_cert or SERVICE not in moving.doors:
        return
    words = [word for word in service.ssl_cert.split() if word != "crt"]
    if service.mode == "tcp":
        text = "ends TLS in tcp mode, and Edge-LB ends it for HTTP only"
        report.refuse(moving, text, "SSL_CERT", doors=(SERVICE,))
    elif any(not word.startswith("/") for word in words):
        report.refuse(moving, "is more than certificate files", "SSL_CERT", doors=(SERVICE,))
    else:
        moving.secrets = tuple(_secret(moving, file, options, report) for file in words)


def _secret(moving: Moving, file: str, options: ConvertOptions, report: Report) -> str:
    if file in options.certificates:
        return options.certificates[file]
    name = secret_file(file.rpartition("/")[2].removesuffix(".pem")) or "certificate"
    text = f"is the file {file:.120}; the secret {name} has to hold what is in it, key and certificate"
    report.change(moving, text, "SSL_CERT", help=f"--certificate {file}=SECRET names another secret")
    return name


def _redirects(moving: Moving, options: ConvertOptions, report: Report) -> None:  # noqa: ARG001
    if moving.service.redirect_to_https and HTTP in moving.doors:
        text = "redirects with 307 in place of 301, and on port 80 it redirects every host that no app here serves"
        report.change(moving, text, "REDIRECT_TO_HTTPS")


def _rest(moving: Moving, options: ConvertOptions, report: Report) -> None:
    service, labels = moving.service, options.to == LABELS
    http = service.mode == "http"
    if service.sticky and http:
        text = "sets another cookie, DCOS_SERVER_ID_FOR_THE_STICKY: clients may change servers once"
        report.note(moving, text, "STICKY")
    if service.use_hsts and http and labels:
        report.loss(moving, "adds Strict-Transport-Security, which no label does", "USE_HSTS", help=TO_POOL)
    if service.weight and "BACKEND_WEIGHT" in service.labels and labels and moving.routes:
        text = "orders rules, and Edge-LB orders them by itself: the longest path first"
        report.change(moving, text, "BACKEND_WEIGHT", help=TO_POOL)
    if service.health_check_port_index is not None:
        text = "has another port checked; Edge-LB checks the one that it serves"
        report.loss(moving, text, "BACKEND_HEALTHCHECK_PORT_INDEX")
    if service.check is not None and http and not service.check.connects_only and labels:
        text = "is checked by requests, and labels have servers checked by connections only"
        report.note(moving, text, help=TO_POOL)


def _groups(moving: Moving, options: ConvertOptions, report: Report) -> None:
    names = template_names(moving, options)
    if options.to == LABELS and not is_template(names[0]):
        help_ = "--name chooses another; small letters, digits and dashes make a name"
        report.refuse(moving, f'would be in the template "{names[0]:.60}", which cannot be called so', help=help_)
    elif options.to == LABELS and len(names) > 1:
        text = f"names {len(names)} groups, and a task is in one template: {names[0]}"
        report.change(moving, text, "GROUP", help="--to pool makes a pool for each")


def template_names(moving: Moving, options: ConvertOptions) -> list[str]:
    """What the groups of the service become: templates or pools."""
    wanted = [name for name in moving.names if name and (not options.groups or {"*", name} & set(options.groups))]
    if options.name is not None:
        return [options.name]
    renamed = {"external": "default"} if options.to == LABELS else {}
    return list(dict.fromkeys(renamed.get(name, name) for name in wanted)) or [renamed.get("external", "external")]


def _overrides(moving: Moving, options: ConvertOptions, report: Report) -> None:
    overrides.judge(moving, options.to, report)


_STEPS: tuple[Judge, ...] = (
    _doors,
    _ports,
    _overrides,
    _port_names,
    _access,
    _bind,
    _certificates,
    _redirects,
    judge_paths,
    _rest,
    _groups,
)
