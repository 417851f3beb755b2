"""The table of all keys of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.config.kinds import (
    COUNT,
    FLAG,
    PORT,
    PORT_RANGE,
    PORTS,
    SEVERITIES,
    SEVERITY,
    TABLE,
    TARGET,
    TEXT,
    WORDS,
    Kind,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class Key(NamedTuple):
    """A key of the settings; the field of the same name holds its value."""

    name: str
    kind: Kind
    description: str


KEYS: Sequence[Key] = (
    Key("groups", WORDS, "The load-balancer groups that are looked at; all that occur unless given."),
    Key("dialect", one_of("portable", "marathon-lb"), "For HAProxy 2.2 to 3.4, or word for word as Marathon-LB."),
    Key("target", TARGET, "The version of HAProxy aimed at."),
    Key("service-ports", PORT_RANGE, "Where Marathon takes free service ports."),
    Key("lb-ports", PORTS, "The load balancer's own ports."),
    Key("lb-addresses", WORDS, "The load balancer's own addresses; unless given, they are not known."),
    Key("shared-nodes", WORDS, "Groups, pools and files that run on the same machines, by commas in each text."),
    Key("public-agents", COUNT, "How many public agents the cluster has; unless given, it is not known."),
    Key("ssl-certs", WORDS, "Certificates of port 443."),
    Key("haproxy-map", FLAG, "Whether map files are used for plain vhosts."),
    Key("haproxy-config", TEXT, "Where haproxy.cfg lives on the load balancer."),
    Key("group-https-by-vhost", FLAG, "Whether each vhost has a frontend of its own behind port 443."),
    Key("dont-bind-http-https", FLAG, "Whether ports 80 and 443 are left alone."),
    Key("strict-mode", FLAG, "Whether only ports with HAPROXY_{n}_ENABLED are served."),
    Key("health-check", FLAG, "Whether only tasks that pass Marathon's checks are served."),
    Key("unsafe-templates", FLAG, "Whether labels may open sections and say global things."),
    Key("min-serv-port-ip-per-task", PORT, "The first port for IP-per-task apps without one."),
    Key("max-serv-port-ip-per-task", PORT, "The last port for IP-per-task apps without one."),
    Key("templates", TEXT, "The directory of the operator's templates HAPROXY_<NAME>."),
    Key("lua-dir", TEXT, "Where lbgen's Lua files are on the load balancer."),
    Key("stats-socket", TEXT, "The path of the stats socket."),
    Key("ports-db", TEXT, "Where reservations of ports are kept: sqlite:///FILE or postgresql://HOST/NAME."),
)
LINT_KEYS: Sequence[Key] = (
    Key("select", WORDS, "Rules that are looked for, by code, prefix of codes, name, or ALL."),
    Key("ignore", WORDS, "Rules that are not looked for."),
    Key("extend-select", WORDS, "Rules that are looked for as well."),
    Key("pedantic", FLAG, "Whether pedantic rules and findings of the severity info are told."),
    Key("fail-on", one_of(*SEVERITIES, "never"), "The severity from which on findings make the exit status 1."),
    Key("exclude", WORDS, "Files that are not read, as patterns of paths."),
    Key("baseline", TEXT, "The file of known findings, which are not told again."),
    Key("per-path-ignores", TABLE, "Rules that are ignored in the files of a pattern."),
    Key("per-app-ignores", TABLE, "Rules that are ignored for the apps of a pattern."),
    Key("severity", SEVERITY, "Another severity for a rule."),
)
