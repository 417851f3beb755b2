"""Apps that hold whatever somebody might try, and a fleet of ordinary ones beside them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from lbgen.marathon.labels import APP_LABELS, IGNORED_TEMPLATE_LABELS, PORT_LABELS, TEMPLATE_LABELS
from lbgen.marathon.templates import TEMPLATES
from tests.fleets import CHECK, app, task

HEALTHY = [{"alive": True}]
ORDINARY = [
    app("/good", {"VHOST": "good.x", "STICKY": "true"}, 20000, tasks=[task("10.0.0.1", healthCheckResults=HEALTHY)]),
    app("/team/web", {"HAPROXY_0_VHOST": "a.x,b.x", "HAPROXY_0_PATH": "/p", "HAPROXY_1_MODE": "http"}, 20001, 20002),
    app("/guarded", {"VHOST": "a.x", "AUTH": "the realm:joe:$5$hash", "USE_HSTS": "true"}, 20003, healthChecks=[CHECK]),
    app("/redirected", {"VHOST": "a.x", "REDIRECT_TO_HTTPS": "true"}, 20004),
    app("/plain", {"BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8"}, 20005),
    app(
        "/own",
        {"VHOST": "own.x", "BACKEND_HTTP_OPTIONS": "  option httplog\n  # mine", "HTTP_BACKEND_REDIR": "/d"},
        20006,
    ),
]
IDS = {each["id"] for each in ORDINARY}

_CHARACTERS = [
    *"\n\r\0\x0b\x0c\t '\"\\#$%{}/-,:.*01|[]()=<>",
    *"\x85\u2028\x1b\x7fä\U0001f600\ud800\udfff\ufdd0\ufdd1\uffff",
    "\r\n",
    "{{",
    "}}",
]
_WORDS = """
    -1 65536 99999999999999999999 true external a.x good.x if unless -f -i -m %[ %[env(HOME)] ${HOME} "${X-backend}"
    $X {backend} {hostname} {host} {path} {balance} {healthCheck} {healthCheck[path]} {healthCheck[command][value]}
    {backend.__class__} {backend!r} {backend:99} {backend:999999999} {port:>9} {0} {} {x} \\x62ackend back end
    backend frontend listen global defaults userlist peers resolvers daemon lua-load setenv stats http tcp health
    HTTP HTTPS MESOS_TCP COMMAND roundrobin source realm:joe:hash r::h :joe:hash 10.0.0.0/8 10.0.0.1 /etc/ssl/a.pem
    2020-01-01 web /web /good good_20000 evil marathon_http_in
"""
_LINES = [
    *(f"\n{kind} evil\n" for kind in ("backend", "frontend", "listen", "global", "userlist")),
    "backend good_20000\n",
    "backend {backend}\n",
    "frontend marathon_http_in\n",
    "frontend marathon_https_in\n  bind :1\n",
    "userlist user_guarded_20003\n",
    ".if 1\n",
    ".endif\n",
    "  server s 10.9.9.9:1\n",
    "  use_backend good_20000\n",
    "  mode http\n",
    "  bind :9\n",
    "acl x path /\n",
    "  no strict-limits\n",
]
_SPECIAL = [*_CHARACTERS, *_WORDS.split(), *_LINES]
_ANY = st.text(max_size=5) | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Co", "Cn"]), max_size=2)
TEXT = st.lists(st.sampled_from(_SPECIAL) | _ANY, min_size=1, max_size=6).map("".join)

_NAMES = sorted({label.name for label in PORT_LABELS} | IGNORED_TEMPLATE_LABELS)
_KEYS = st.builds("HAPROXY_{}_{}".format, st.sampled_from([0, 0, 0, 1, 2]), st.sampled_from(_NAMES))
_PLAIN_LABEL = st.tuples(_KEYS | st.sampled_from(sorted(APP_LABELS)) | TEXT, TEXT | st.none())
_HEADS = {name: TEMPLATES[name].opens for name in TEMPLATE_LABELS}


@st.composite
def _template_label(draw: st.DrawFn) -> tuple[str, str]:
    """A label that replaces a template, by a text that begins as it should."""
    name = draw(st.sampled_from(sorted(TEMPLATE_LABELS)))
    head = f"{_HEADS[name]} {draw(st.sampled_from(['{backend}', 'mine', 'user_{backend}']))}\n" if _HEADS[name] else ""
    placeholders = st.sampled_from([f"{{{each}}}" for each in sorted(TEMPLATES[name].placeholders)] or [""])
    bits = st.sampled_from(_SPECIAL) | placeholders | placeholders.map("\n{} ".format)
    return f"HAPROXY_{draw(st.sampled_from([0, 0, 1]))}_{name}", head + "".join(
        draw(st.lists(bits, min_size=1, max_size=5))
    )


LABELS = st.lists(_PLAIN_LABEL | _template_label(), min_size=1, max_size=5).map(dict)
_PORT = st.integers(0, 65535) | st.sampled_from([20000, 80, 443, 9090, -1, 70000, 10**30])
_CHECK = st.fixed_dictionaries(
    {},
    optional={
        "protocol": st.sampled_from(["HTTP", "HTTPS", "TCP", "MESOS_HTTP", "COMMAND"]) | TEXT | st.none(),
        "path": TEXT | st.none(),
        "port": _PORT,
        "portIndex": st.integers(0, 2),
        "gracePeriodSeconds": st.integers(),
        "intervalSeconds": st.integers(),
        "timeoutSeconds": st.integers(),
        "maxConsecutiveFailures": st.integers(),
        "command": st.fixed_dictionaries({"value": TEXT}),
        "delaySeconds": TEXT | st.integers(),
    },
).flatmap(lambda check: st.sampled_from([check, CHECK | check]))
_TASK = st.fixed_dictionaries(
    {"host": TEXT | st.sampled_from(["10.0.0.7", "10.0.0.8"]), "ports": st.lists(_PORT, max_size=3)},
    optional={
        "id": TEXT,
        "state": TEXT | st.sampled_from(["TASK_RUNNING", "TASK_KILLED"]),
        "ipAddresses": st.lists(
            st.fixed_dictionaries({"ipAddress": TEXT | st.just("9.0.0.1") | st.none()}), max_size=2
        ),
        "healthCheckResults": st.lists(
            st.none() | st.fixed_dictionaries({"alive": st.booleans() | st.none()}), max_size=2
        ),
    },
)
_MAPPING = st.fixed_dictionaries({}, optional={"containerPort": _PORT, "servicePort": _PORT | st.none()})
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "ports": st.lists(_PORT, max_size=3),
    "portDefinitions": st.lists(st.fixed_dictionaries({"port": _PORT}), max_size=3),
    "tasks": st.lists(_TASK, max_size=3),
    "healthChecks": st.lists(_CHECK, max_size=2),
    "instances": st.integers(0, 3),
    "networks": st.lists(st.fixed_dictionaries({}, optional={"mode": TEXT | st.just("container/bridge")}), max_size=2),
    "container": st.fixed_dictionaries({}, optional={"portMappings": st.lists(_MAPPING, max_size=3)}),
    "versionInfo": st.fixed_dictionaries({"lastScalingAt": TEXT}),
}
PLAIN = app("/evil", {}, 20010, 20011, healthChecks=[CHECK], tasks=[task("10.0.0.7", [31001, 31002])])
_SINGLE_FIELD = st.one_of([st.fixed_dictionaries({key: value}) for key, value in _FIELDS.items()])
_LABELS_OF_HTTP = {"HAPROXY_0_VHOST": "a.x", "HAPROXY_0_MODE": "http", "HAPROXY_0_BALANCE": "source"}


@st.composite
def hostile(draw: st.DrawFn) -> dict[str, Any]:
    """An app that is well-formed JSON, ordinary in most respects, and whatever else in some."""
    seldom = st.integers(0, 9).map(lambda number: number == 9)
    made = PLAIN | {"labels": draw(st.sampled_from([{}, _LABELS_OF_HTTP])) | draw(LABELS)}
    if draw(seldom):
        made["id"] = draw(TEXT | TEXT.map("/{}".format))
    if draw(seldom):
        made |= draw(st.fixed_dictionaries({}, optional=_FIELDS))
    elif draw(st.booleans()):
        made |= draw(_SINGLE_FIELD)
    return made
