"""Fleets to try both dialects with: the table of routing cases, whole, and mixtures that a seed decides."""

from __future__ import annotations

import os
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

from integration.traffic.fleet import AMBER, BLUE, CORAL, App, Fleet, Port
from integration.traffic.promise import EVERYWHERE, NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SERVICE_PORTS = range(10000, 10018)
STUB_PORTS = range(31000, 31036)
OWN_CERTIFICATE = "/etc/ssl/own.pem"

MODES: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "maps": {"maps": True},
    "grouped": {"grouped": True},
    "maps-grouped": {"maps": True, "grouped": True},
    "unbound": {"bound": False},
    "unbound-maps": {"bound": False, "maps": True},
}
MIXTURES = 300 if os.environ.get("LBGEN_LONG") else 8


_LAST = ("last.example.org", "last.example.net")


def table(mode: str) -> Fleet:
    """A service for each row of the routing table, one that has all their vhosts, and one that stands behind all."""
    apps = [_row(number, *row) for number, row in enumerate(product((False, True), repeat=4))]
    vhosts = tuple(vhost for app in apps for vhost in app.ports[0].vhosts)
    rest = Port(number=SERVICE_PORTS[16], servers=(STUB_PORTS[16],), vhosts=vhosts)
    last = Port(number=SERVICE_PORTS[17], servers=(STUB_PORTS[17],), vhosts=_LAST, path="/app", weight=-5)
    return Fleet(f"table-{mode}", (*apps, App("/zz/last", (last,)), App("/zz/rest", (rest,))), **MODES[mode])


def _row(number: int, path: bool, auth: bool, redirect: bool, several: bool) -> App:
    flags = {"path": path, "auth": auth, "redirect": redirect, "two": several}
    name = "-".join(flag for flag, there in flags.items() if there) or "bare"
    port = Port(
        number=SERVICE_PORTS[number],
        servers=(STUB_PORTS[number],),
        vhosts=(f"{name}.example.org", f"{name}.example.net")[: 1 + several],
        path="/app" if path else "",
        login=AMBER if auth else None,
        redirect=redirect,
    )
    return App(f"/rows/{name}", (port,))


def mixture(seed: int, *, rewriting: bool = False) -> Fleet:
    """Apps of all kinds, which share vhosts, and templates of the operator's; everything is up to the seed.

    With `rewriting` there are labels among them whose text in Marathon-LB's dialect no HAProxy of today takes.
    """
    mode = list(MODES)[seed % 4 if seed % 12 else 4 + seed // 12 % 2]
    name = f"{'rewriting' if rewriting else 'mixture'}-{seed}"
    mixer = _Mixer(Random(seed), rewriting=rewriting)
    return Fleet(name, tuple(mixer.apps()), environment=mixer.environment(), **MODES[mode])


def comparable_fleets() -> list[Fleet]:
    """The tables in every mode, and MIXTURES mixtures, which today's HAProxy takes in both dialects."""
    return [*map(table, MODES), *map(mixture, range(1, MIXTURES + 1))]


def all_fleets() -> list[Fleet]:
    """The same, with all labels there are in the mixtures."""
    return [*map(table, MODES), *(mixture(seed, rewriting=True) for seed in range(1, MIXTURES + 1))]


_APP_IDS = ("/shop/web", "/shop.web", "/API", "/api/v2", "/blog", "/db", "/queue", "/zoo/keeper")
_HOSTS = ("a.example.org", "b.example.org", "c.example.org", "a.example.net")
_PATHS = ("/app", "/app/v1", "/api", "-i /Docs", "/x /y")
_MOST_PORTS = 3
_WEIGHTS = (-3, -1, 0, 1, 2, 10)
_SAYS_SO = "http-request set-header X-Rule {backend}"
# Labels that replace templates, and leave it at who answers.
_HTTP_OVERRIDES: Sequence[Mapping[str, str]] = (
    {"BACKEND_HTTP_OPTIONS": "  option forwardfor\n  http-request set-header X-Who override\n"},
    {
        "BACKEND_HEAD": "\nbackend {backend}\n  balance {balance}\n  mode {mode}\n"
        "  http-response set-header X-By {backend}\n"
    },
    {
        "HTTP_FRONTEND_ACL_WITH_PATH": "  acl host_{cleanedUpHostname} hdr(host) -i {hostname}\n"
        f"  acl path_{{backend}} path_beg {{path}}\n  {_SAYS_SO} if host_{{cleanedUpHostname}} path_{{backend}}\n"
        "  use_backend {backend} if host_{cleanedUpHostname} path_{backend}\n"
    },
    {
        "HTTPS_FRONTEND_ACL_WITH_PATH": f"  {_SAYS_SO} if {{{{ ssl_fc_sni {{hostname}} }}}} path_{{backend}}\n"
        "  use_backend {backend} if {{ ssl_fc_sni {hostname} }} path_{backend}\n"
    },
    {
        "FRONTEND_HEAD": "\nfrontend {backend}\n  bind {bindAddr}:{servicePort}{sslCert}{bindOptions}\n"
        f"  mode {{mode}}\n  {_SAYS_SO}\n"
    },
    {"USERLIST_HEAD": "\nuserlist user_{backend}\n  group all users {user}\n  user {user} password {passwd}\n"},
)
_ANY_OVERRIDES: Sequence[Mapping[str, str]] = (
    {"BALANCE": "leastconn"},
    {"FRONTEND_BACKEND_GLUE": "  default_backend {backend}\n"},
    {"FRONTEND_HEAD": "", "FRONTEND_BACKEND_GLUE": ""},
    {"BACKEND_STICKY_OPTIONS": "  cookie another insert indirect nocache\n"},
    {
        "BACKEND_SERVER_OPTIONS": "  server {serverName} {host_ipv4}:{port} id {serverId} weight 5"
        "{cookieOptions}{healthCheckOptions}{otherOptions}\n"
    },
)
_ENVIRONMENTS: Sequence[Mapping[str, str]] = (
    {"HTTP_FRONTEND_HEAD": "\\nfrontend in\\n  bind :80\\n  mode http\\n  http-request set-header X-Door 80\\n"},
    {
        "HTTPS_FRONTEND_HEAD": "\\nfrontend tls\\n  bind :443 ssl {sslCerts} alpn h2,http/1.1\\n  mode http\\n",
        "FRONTEND_HEAD": "\\nfrontend {backend}\\n  bind :{servicePort}{sslCert}{bindOptions}\\n  mode {mode}\\n",
    },
    {
        "BACKEND_REDIRECT_HTTP_TO_HTTPS": "  redirect scheme https code 308 if !{{ ssl_fc }}"
        " host_{cleanedUpHostname}\\n",
        "BACKEND_HTTP_OPTIONS": "  option forwardfor header X-Client\\n",
    },
)
_REWRITING = (
    ("USE_HSTS", "true"),
    ("HTTP_BACKEND_PROXYPASS_PATH", "/app"),
    ("HTTP_BACKEND_REVPROXY_PATH", "/back%20there"),
)


class _Mixer:
    """One mixture in the making."""

    def __init__(self, random: Random, *, rewriting: bool) -> None:
        self._random = random
        self._rewriting = rewriting
        self._numbers = random.sample(SERVICE_PORTS, len(SERVICE_PORTS))
        self._stubs = list(STUB_PORTS)

    def environment(self) -> dict[str, str]:
        """What the operator put in place of templates."""
        chosen = self._random.choice(_ENVIRONMENTS) if self._maybe(0.5) else {}
        return {f"HAPROXY_{name}": text for name, text in chosen.items()}

    def apps(self) -> Iterator[App]:
        ids = self._random.sample(_APP_IDS, self._random.randint(5, len(_APP_IDS)))
        for app_id in ids:
            if min(len(self._numbers), len(self._stubs)) >= _MOST_PORTS:
                yield self._app(app_id)

    def _app(self, app_id: str) -> App:
        tasks = self._random.choice((1, 1, 2))
        ports: list[Port] = []
        for _ in range(self._random.choice((1, 1, 2, _MOST_PORTS)) if tasks == 1 else 1):
            ports.append(self._port(tasks, ports))
        return App(app_id, tuple(ports))

    def _port(self, tasks: int, others: Sequence[Port]) -> Port:
        servers = tuple(self._stubs.pop() for _ in range(tasks))
        kind = self._tcp() if self._maybe(0.15) else self._http(others)
        common: dict[str, Any] = {
            "networks": self._random.choice((NOWHERE, EVERYWHERE)) if self._maybe(0.15) else "",
            "sticky": self._maybe(0.5 if tasks > 1 else 0.05),
            "certificate": OWN_CERTIFICATE if self._maybe(0.2) else "",
        }
        if common["certificate"]:
            common["bind_options"] = self._random.choice(("", "alpn h2,http/1.1", "no-tlsv13"))
        return Port(number=self._numbers.pop(), servers=servers, **common, **kind)

    def _tcp(self) -> dict[str, Any]:
        more = self._random.choice(_ANY_OVERRIDES[:3]) if self._maybe(0.3) else {}
        return {"mode": self._random.choice(("tcp", "")), "check": self._random.choice(("", "TCP")), "more": more}

    def _http(self, others: Sequence[Port]) -> dict[str, Any]:
        return {
            "vhosts": self._vhosts(others),
            "mode": "http",
            "path": self._random.choice(_PATHS) if self._maybe(0.4) else "",
            "login": self._random.choice((AMBER, BLUE, CORAL)) if self._maybe(0.25) else None,
            "redirect": self._maybe(0.25),
            "weight": self._random.choice(_WEIGHTS) if self._maybe(0.4) else None,
            "root": "/start" if self._maybe(0.15) else "",
            "check": self._random.choice(("", "", "HTTP", "TCP", "MESOS_HTTP")),
            "more": self._more(),
        }

    def _more(self) -> dict[str, str]:
        chosen = self._random.choice((*_HTTP_OVERRIDES, *_ANY_OVERRIDES)) if self._maybe(0.3) else {}
        rewriting = (label for label in _REWRITING if self._rewriting and self._maybe(0.25))
        return {**chosen, **dict(rewriting)}

    def _vhosts(self, others: Sequence[Port]) -> tuple[str, ...]:
        """Some vhosts; often the first one is that of another service of the app, which then has an ACL to share."""
        if self._maybe(0.1):
            return ()
        chosen = self._random.sample(_HOSTS, self._random.choice((1, 1, 2, 3)))
        shared = [port.vhosts[0] for port in others if port.vhosts]
        if shared and self._maybe(0.5):
            chosen = [shared[0], *(host for host in chosen if host != shared[0])]
        return tuple(chosen)

    def _maybe(self, chance: float) -> bool:
        return self._random.random() < chance
