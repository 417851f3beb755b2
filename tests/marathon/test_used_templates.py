"""Which templates a service is written with, said beforehand: it is what the plan then holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lbgen.marathon import used_templates
from lbgen.marathon.plan import PlanOptions, plan
from lbgen.marathon.services import ServiceOptions, services
from lbgen.marathon.templates import PORTABLE_TEMPLATES, TEMPLATES
from lbgen.pipeline import from_values
from lbgen.render.templates import Templates
from tests.fleets import CHECK, DOCUMENT, app

if TYPE_CHECKING:
    from lbgen.model.service import Service

HASH = "$6$abc$" + "x" * 86
LABELS: dict[str, list[str | None]] = {
    "VHOST": [None, "a.example.org", "a.example.org,b.example.org", " , "],
    "PATH": [None, "/x"],
    "AUTH": [None, f"realm:joe:{HASH}", f":joe:{HASH}"],
    "REDIRECT_TO_HTTPS": [None, "true"],
    "MODE": [None, "http", "tcp"],
    "STICKY": [None, "true"],
    "USE_HSTS": [None, "true"],
    "BACKEND_NETWORK_ALLOWED_ACL": [None, "10.0.0.0/8"],
    "HTTP_BACKEND_PROXYPASS_PATH": [None, "/p"],
    "HTTP_BACKEND_REVPROXY_PATH": [None, "/r"],
    "HTTP_BACKEND_REDIR": [None, "/d"],
    "FRONTEND_HEAD": [None, "", "frontend {backend}\n  bind {bindAddr}:{servicePort}\n  mode {mode}\n"],
    "FRONTEND_BACKEND_GLUE": [None, ""],
    "USERLIST_HEAD": [None, "userlist staff\n  user {user} password {passwd}\n"],
    "HTTP_FRONTEND_ACL": [None, "  # mine\n"],
    "HTTP_FRONTEND_ACL_ONLY": [None, "  # mine\n"],
    "HTTPS_FRONTEND_ACL": [None, "  # mine\n"],
    "HTTP_FRONTEND_APPID_ACL": [None, ""],
    "HTTP_BACKEND_PROXYPASS_GLUE": [None, "  # mine\n"],
    "BACKEND_HEAD": [None, "backend {backend}\n  mode {mode}\n"],
    "BACKEND_SERVER_OPTIONS": [None, "  server {serverName} {host_ipv4}:{port}{healthCheckOptions}\n"],
}
CHOICES = st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in LABELS.items()})
CHECKS = st.sampled_from([None, CHECK, CHECK | {"protocol": "TCP"}, CHECK | {"protocol": "COMMAND"}])
OPTIONS = st.builds(
    PlanOptions,
    portable=st.booleans(),
    haproxy_map=st.booleans(),
    bind_http_https=st.booleans(),
    group_https_by_vhost=st.booleans(),
    unsafe_templates=st.just(value=True),
)
SPARED = {("PORTABLE_SPARED_PATH", ""), ("PORTABLE_REDIRECT_HTTP_TO_HTTPS", "")}
NEVER_ALONE = ("BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS", "BACKEND_SERVER_TCP_HEALTHCHECK_OPTIONS")
"""Parts of a line, which are no fragments of their own."""


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=CHOICES, second=CHOICES, check=CHECKS, options=OPTIONS)
def test_what_is_said_is_what_is_planned(
    first: dict[str, str | None], second: dict[str, str | None], check: dict[str, Any] | None, options: PlanOptions
) -> None:
    found = read(first, second, check)
    said = [set(uses(service, found, options)) for service in found]
    made = plan(found, templates(), options)
    planned = {id(service): set() for service in found}  # type: ignore[var-annotated]
    faulty = {id(service) for service, _ in made.faults}
    for section in made.plan.sections:
        for fragment in section.fragments:
            if fragment.service is not None:
                planned[id(fragment.service)].add((fragment.template, fragment.label))
    for service, expected in zip(found, said, strict=True):
        if SPARED & planned[id(service)]:
            # A redirect that spares routes of the others is another template's; nobody can tell without the others.
            expected -= {use for use in expected if use[0].startswith("BACKEND_REDIRECT")}
        planned[id(service)] -= SPARED
        # A rule that asks the map is written once for all, by the first service that is in it.
        shared = {use for use in expected if use[0].startswith("MAP_")} if options.haproxy_map else set()
        if id(service) not in faulty:
            assert expected - shared <= planned[id(service)] <= expected


def read(first: dict[str, str | None], second: dict[str, str | None], check: dict[str, Any] | None) -> list[Service]:
    """The services of an app with these labels for its two ports."""
    labels = {f"HAPROXY_0_{name}": text for name, text in first.items() if text is not None}
    labels |= {f"HAPROXY_1_{name}": text for name, text in second.items() if text is not None}
    value = app("/a", labels, 10001, 10002, healthChecks=[check] if check else [])
    asked = ServiceOptions(groups=("*",), resolve=lambda host: host)
    return services(from_values(DOCUMENT, [value]).apps, asked).services


def uses(service: Service, siblings: list[Service], options: PlanOptions) -> list[tuple[str, str]]:
    """The templates that are said to be used, each with the label that replaces it."""
    found = used_templates.used(service, siblings, options, {})
    return [
        (use.template, use.label if use.label in service.overrides else "")
        for use in found
        if use.template not in NEVER_ALONE
    ]


def templates() -> Templates:
    """All templates of the portable dialect."""
    constants: dict[str, Any] = {
        "dialect": "portable",
        "lua_dir": None,
        "stats_socket": None,
        "state_dir": None,
        "options": [],
    }
    return Templates("marathon_lb", {**TEMPLATES, **PORTABLE_TEMPLATES}, constants, frozenset({"frontend"}), {})
