"""The built-in templates of a Marathon-LB configuration, rendered by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import FileSystemLoader, StrictUndefined, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

DIRECTORY = Path(__file__).parents[2] / "haproxy_templates" / "marathon_lb"
CONSTANTS = {"dialect", "lua_dir", "stats_socket", "state_dir", "options", "status_socket", "signals_for_all"}
OPTIONS = ["dontlognull", "http-server-close", "redispatch"]

HEALTH = "healthCheckIntervalSeconds healthCheckFalls healthCheckPortOptions"
# What each template leaves open; of two names with a slash the first is Marathon-LB's, the second the portable one.
PLACEHOLDERS = {
    "HEAD": "",
    "USERLIST_HEAD": "backend user passwd",
    "HTTP_FRONTEND_HEAD": "",
    "HTTP_FRONTEND_APPID_HEAD": "",
    "HTTPS_FRONTEND_HEAD": "sslCerts",
    "HTTPS_GROUPED_FRONTEND_HEAD": "",
    "HTTPS_GROUPED_VHOST_FRONTEND_ACL": "backend host",
    "HTTPS_GROUPED_VHOST_BACKEND_HEAD": "name",
    "HTTPS_GROUPED_VHOST_FRONTEND_HEAD": "name sslCerts bindOpts",
    "FRONTEND_HEAD": "backend/frontend bindAddr servicePort sslCert bindOptions mode",
    "FRONTEND_BACKEND_GLUE": "backend",
    "BACKEND_HEAD": "backend balance mode",
    "BACKEND_HSTS_OPTIONS": "",
    "BACKEND_HTTP_OPTIONS": "",
    "HTTP_BACKEND_PROXYPASS_GLUE": "hostname proxypath",
    "HTTP_BACKEND_REVPROXY_GLUE": "hostname rootpath",
    "HTTP_BACKEND_REDIR": "hostname redirpath",
    "HTTP_BACKEND_NETWORK_ALLOWED_ACL": "network_allowed",
    "HTTP_BACKEND_ACL_ALLOW_DENY": "",
    "TCP_BACKEND_NETWORK_ALLOWED_ACL": "network_allowed",
    "TCP_BACKEND_ACL_ALLOW_DENY": "",
    "BACKEND_STICKY_OPTIONS": "",
    "BACKEND_HTTP_HEALTHCHECK_OPTIONS": "healthCheckPath healthCheckTimeoutSeconds",
    "BACKEND_TCP_HEALTHCHECK_OPTIONS": "",
    "BACKEND_SERVER_OPTIONS": "serverName host_ipv4 port serverId cookieOptions healthCheckOptions otherOptions",
    "BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS": HEALTH,
    "BACKEND_SERVER_TCP_HEALTHCHECK_OPTIONS": HEALTH,
    "HTTP_FRONTEND_ACL": "cleanedUpHostname hostname backend",
    "MAP_HTTP_FRONTEND_ACL": "haproxy_dir",
    "HTTP_FRONTEND_ACL_WITH_AUTH": "cleanedUpHostname hostname backend realm",
    "HTTP_FRONTEND_ACL_WITH_PATH": "cleanedUpHostname hostname backend path",
    "HTTP_FRONTEND_ACL_WITH_AUTH_AND_PATH": "cleanedUpHostname hostname backend path realm",
    "HTTP_FRONTEND_ACL_ONLY": "cleanedUpHostname hostname",
    "MAP_HTTP_FRONTEND_ACL_ONLY": "haproxy_dir",
    "HTTP_FRONTEND_ACL_ONLY_WITH_PATH": "backend path",
    "HTTP_FRONTEND_ACL_ONLY_WITH_PATH_AND_AUTH": "backend path cleanedUpHostname",
    "HTTP_FRONTEND_ROUTING_ONLY": "backend cleanedUpHostname",
    "HTTP_FRONTEND_ROUTING_ONLY_WITH_AUTH": "cleanedUpHostname backend realm",
    "HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH": "backend cleanedUpHostname",
    "HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH": "realm cleanedUpHostname backend",
    "BACKEND_REDIRECT_HTTP_TO_HTTPS": "cleanedUpHostname",
    "BACKEND_REDIRECT_HTTP_TO_HTTPS_WITH_PATH": "cleanedUpHostname backend",
    "HTTPS_FRONTEND_ACL": "backend hostname",
    "MAP_HTTPS_FRONTEND_ACL": "haproxy_dir",
    "HTTPS_FRONTEND_ACL_WITH_AUTH": "cleanedUpHostname backend realm hostname",
    "HTTPS_FRONTEND_ACL_ONLY_WITH_PATH": "backend path",
    "HTTPS_FRONTEND_ACL_WITH_PATH": "backend hostname",
    "HTTPS_FRONTEND_ACL_WITH_AUTH_AND_PATH": "cleanedUpHostname backend realm hostname",
    "HTTP_FRONTEND_APPID_ACL": "cleanedUpAppId appId backend",
    "MAP_HTTP_FRONTEND_APPID_ACL": "haproxy_dir",
    "HTTPS_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH": "realm cleanedUpHostname backend",
    "HTTPS_FRONTEND_AUTH_ACL_ONLY": "cleanedUpHostname backend",
    "HTTPS_FRONTEND_AUTH_REQUEST_ONLY": "realm hostname cleanedUpHostname",
}
OWN = {
    "PORTABLE_APPID_AUTH": "realm appId backend",
    "PORTABLE_FRONTEND_AUTH": "realm backend",
    "PORTABLE_PROXYPASS_ANY_HOST": "proxypath",
    "PORTABLE_REDIRECT_HTTP_TO_HTTPS": "hostname routes",
    "PORTABLE_SPARED_PATH": "spared path",
}
ALL = PLACEHOLDERS | OWN
SECTIONS = ("userlist ", "frontend ", "backend ")


def environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([DIRECTORY, DIRECTORY.parent]),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


def placeholders(name: str, dialect: str) -> list[str]:
    of_marathon_lb, _, of_portable = ALL[name].partition(" ")[0].partition("/")
    first = of_portable if of_portable and dialect == "portable" else of_marathon_lb
    return [first, *ALL[name].split()[1:]] if first else []


def render(
    name: str, dialect: str, *, lua: bool = False, socket: bool = False, state: bool = False, live: bool = False
) -> str:
    """The template with every placeholder shown as `{name}`."""
    blanks = {blank: f"{{{blank}}}" for blank in placeholders(name, dialect)}
    constants = {
        "dialect": dialect,
        "lua_dir": "/lua" if lua else None,
        "stats_socket": "/run/haproxy.sock" if socket else None,
        "state_dir": "/state" if state else None,
        "options": OPTIONS,
        "status_socket": "/state/status.sock" if live else None,
        "signals_for_all": not live,
    }
    return environment().get_template(f"{name}.j2").render(constants, **blanks)


def test_there_are_the_53_templates_of_marathon_lb_and_a_few_of_our_own() -> None:
    assert sorted(path.name for path in DIRECTORY.iterdir()) == sorted(f"{name}.j2" for name in ALL)
    assert len(PLACEHOLDERS) == 53


@pytest.mark.parametrize("dialect", ["marathon-lb", "portable"])
@pytest.mark.parametrize("name", ALL)
class TestEveryTemplate:
    def test_leaves_open_what_it_says_and_nothing_else(self, name: str, dialect: str) -> None:
        text = render(name, dialect)
        assert [blank for blank in placeholders(name, dialect) if f"{{{blank}}}" not in text] == []

    def test_ends_its_last_line(self, name: str, dialect: str) -> None:
        text = render(name, dialect)
        within_a_line = name.startswith("BACKEND_SERVER_") and "HEALTHCHECK" in name
        assert text == "" or text.endswith("\n") != within_a_line
        assert not text.endswith("\n\n")

    def test_puts_an_empty_line_before_a_section_and_nowhere_else(self, name: str, dialect: str) -> None:
        lines = render(name, dialect).splitlines()
        if name == "HEAD":
            assert lines[0] == "global"
        elif lines and not lines[0]:
            assert lines[1].startswith(SECTIONS)
            assert "" not in lines[1:]
        else:
            assert all(line.startswith("  ") for line in lines)


@pytest.mark.parametrize("name", ALL)
def test_placeholders_are_plainly_substituted_and_conditions_ask_for_constants(name: str) -> None:
    tree = environment().parse((DIRECTORY / f"{name}.j2").read_text(encoding="utf-8"))
    shown = [piece for output in tree.find_all(nodes.Output) for piece in output.nodes]
    assert all(isinstance(piece, (nodes.TemplateData, nodes.Name)) for piece in shown)
    asked = {found.name for test in tree.find_all(nodes.If) for found in test.test.find_all(nodes.Name)}
    asked |= {test.test.name for test in tree.find_all(nodes.If) if isinstance(test.test, nodes.Name)}
    asked |= {loop.iter.name for loop in tree.find_all(nodes.For) if isinstance(loop.iter, nodes.Name)}
    assert asked <= CONSTANTS


def test_a_placeholder_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'backend' is undefined"):
        environment().get_template("FRONTEND_BACKEND_GLUE.j2").render(dialect="portable")


def map_lines(fetch: str, file: str) -> tuple[str, str]:
    found = f"{fetch},map({{haproxy_dir}}/{file})"
    return f"  use_backend %[{found}]", f"  use_backend %[{found}] if {{ {found} -m found }}"


# What differs between the dialects: (template, Marathon-LB's lines, the portable lines).
SPELLINGS = {
    "HTTPS_GROUPED_FRONTEND_HEAD": (
        "  tcp-request content accept if { req_ssl_hello_type 1 }",
        "  tcp-request content accept if { req.ssl_hello_type 1 }",
    ),
    "HTTPS_GROUPED_VHOST_FRONTEND_ACL": (
        "  use_backend {backend} if { req_ssl_sni -i {host} }",
        "  use_backend {backend} if { req.ssl_sni -i {host} }",
    ),
    "HTTPS_GROUPED_VHOST_FRONTEND_HEAD": ("frontend {name}", "frontend {name}_in"),
    "FRONTEND_HEAD": ("frontend {backend}", "frontend {frontend}"),
    "BACKEND_HSTS_OPTIONS": (
        "  rspadd  Strict-Transport-Security:\\ max-age=15768000",
        "  http-response add-header Strict-Transport-Security max-age=15768000",
    ),
    "HTTP_BACKEND_PROXYPASS_GLUE": (
        r'  reqirep  "^([^ :]*)\ {proxypath}/?(.*)" "\1\ /\2"',
        r'  http-request replace-path "(?i)^{proxypath}/?(.*)" "/\1"',
    ),
    "HTTP_BACKEND_REVPROXY_GLUE": (
        """\
  acl hdr_location res.hdr(Location) -m found
  rspirep "^Location: (https?://{hostname}(:[0-9]+)?)?(/.*)" "Location:   {rootpath}" if hdr_location""",
        '  http-response replace-header Location "(?i)^(https?://{hostname}(:[0-9]+)?)?(/.*)" "{rootpath}"',
    ),
    "MAP_HTTP_FRONTEND_ACL": map_lines("req.hdr(host),lower,regsub(:.*$,,)", "domain2backend.map"),
    "MAP_HTTP_FRONTEND_ACL_ONLY": map_lines("req.hdr(host),lower,regsub(:.*$,,)", "domain2backend.map"),
    "MAP_HTTPS_FRONTEND_ACL": map_lines("ssl_fc_sni,lower", "domain2backend.map"),
    "MAP_HTTP_FRONTEND_APPID_ACL": map_lines("req.hdr(x-marathon-app-id),lower", "app2backend.map"),
}


@pytest.mark.parametrize("name", [name for name in PLACEHOLDERS if name != "HEAD"])
def test_the_dialects_differ_where_haproxy_does(name: str) -> None:
    marathon_lb, portable = SPELLINGS.get(name, ("", ""))
    assert marathon_lb in render(name, "marathon-lb")
    assert render(name, "marathon-lb").replace(marathon_lb, portable, 1) == render(name, "portable")


class TestHead:
    def test_of_the_product_names_its_lua_socket_state_and_syslog(self) -> None:
        lines = render("HEAD", "marathon-lb", lua=True).splitlines()
        assert lines[:3] == ["global", "  log /dev/log local0", "  log /dev/log local1 notice"]
        assert "  maxconn 50000" in lines
        assert "  stats socket /var/run/haproxy/socket expose-fd listeners" in lines
        assert "  load-server-state-from-file global" in lines
        assert sum("lua" in line for line in lines) == 4 + 6
        assert len(lines) == 55

    def test_needs_nothing_but_haproxy(self) -> None:
        text = render("HEAD", "portable")
        for absent in ("/dev/log", "/var/", "lua", "stats socket", "server-state", "insecure", "  maxconn 50000"):
            assert absent not in text
        assert "  log stdout format raw local0\n" in text

    def test_has_lua_where_a_directory_is_given(self) -> None:
        text = render("HEAD", "portable", lua=True)
        files = ["getpids", "getconfig", "getmaps", "signalmlb"]
        assert [line for line in text.splitlines() if "lua-load" in line] == [f"  lua-load /lua/{f}.lua" for f in files]
        assert text.index("tune.lua.bool-sample-conversion") < text.index("lua-load")
        assert text.count("http-request use-service lua.") == 6

    def test_of_a_live_load_balancer_forks_nothing_and_takes_signals_from_this_machine(self) -> None:
        text = render("HEAD", "portable", lua=True, live=True)
        assert "  setenv LBGEN_STATUS_SOCKET /state/status.sock\n" in text
        assert "insecure-fork-wanted" not in text
        assert "  setenv LBGEN_SIGNALS local\n" in text

    def test_takes_signals_from_everybody_where_nobody_says_otherwise(self) -> None:
        text = render("HEAD", "portable", lua=True)
        assert "  insecure-fork-wanted\n" in text
        assert "LBGEN_SIGNALS" not in text

    def test_has_a_socket_and_state_where_they_are_given(self) -> None:
        text = render("HEAD", "portable", socket=True, state=True)
        assert "  stats socket /run/haproxy.sock mode 600 level admin expose-fd listeners\n" in text
        assert "  server-state-file global\n  server-state-base /state\n" in text
        assert "defaults\n  load-server-state-from-file global\n" in text

    @pytest.mark.parametrize("dialect", ["marathon-lb", "portable"])
    def test_lists_the_options_as_given(self, dialect: str) -> None:
        assert "  timeout tarpit          60s\n" + "".join(f"  option            {o}\n" for o in OPTIONS) + (
            "listen stats\n"
        ) in render("HEAD", dialect)
