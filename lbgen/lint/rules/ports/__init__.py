"""Ports."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.ports import (
    auto_port_range,
    bind_addr_invalid,
    bind_addr_not_local,
    foreign_listener,
    port_clash,
    port_clash_reserved,
    port_outside_service_range,
    port_range,
    port_reserved,
    port_shift,
    port_twice_in_app,
    public_node_ports,
    too_few_agents,
    udp_port,
    unread_listener,
)

RULES: tuple[Rule, ...] = (
    Rule("port-clash", Severity.ERROR, Subject.FLEET, port_clash),
    Rule("port-clash-reserved", Severity.ERROR, Subject.FLEET, port_clash_reserved),
    Rule("port-range", Severity.ERROR, Subject.APP, port_range),
    Rule("port-outside-service-range", Severity.WARNING, Subject.APP, port_outside_service_range),
    Rule("port-reserved", Severity.ERROR, Subject.FLEET, port_reserved),
    Rule("bind-addr-invalid", Severity.ERROR, Subject.APP, bind_addr_invalid, Fixing.UNSAFE),
    Rule("bind-addr-not-local", Severity.WARNING, Subject.APP, bind_addr_not_local),
    Rule("foreign-listener", Severity.ERROR, Subject.FLEET, foreign_listener),
    Rule("auto-port-range", Severity.ERROR, Subject.FLEET, auto_port_range),
    Rule("udp-port", Severity.WARNING, Subject.APP, udp_port),
    Rule("port-shift", Severity.ERROR, Subject.APP, port_shift),
    Rule("unread-listener", Severity.ERROR, Subject.FLEET, unread_listener),
    Rule("port-twice-in-app", Severity.ERROR, Subject.APP, port_twice_in_app),
    Rule("public-node-ports", Severity.WARNING, Subject.FLEET, public_node_ports),
    Rule("too-few-agents", Severity.ERROR, Subject.FLEET, too_few_agents),
)
