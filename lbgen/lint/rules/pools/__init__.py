"""Pools of Edge-LB: rules of their own, and what reading and writing pools tell by themselves."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject


def _rule(name: str, severity: Severity, subject: Subject = Subject.TOLD, fixing: Fixing = Fixing.NONE) -> Rule:
    return Rule(name, severity, subject, f"{__name__}.{name.replace('-', '_')}", fixing)


_OF_POOLS: tuple[Rule, ...] = (
    _rule("unknown-key", Severity.WARNING, Subject.TOLD, Fixing.UNSAFE),
    _rule("null-value", Severity.WARNING, Subject.TOLD, Fixing.UNSAFE),
    _rule("value-missing", Severity.ERROR),
    _rule("bad-pool-value", Severity.ERROR),
    _rule("declared-twice", Severity.ERROR),
    _rule("not-a-pool", Severity.ERROR),
    _rule("no-api-version", Severity.WARNING, Subject.TOLD, Fixing.UNSAFE),
    _rule("package-version", Severity.INFO, Subject.TOLD, Fixing.UNSAFE),
    _rule("setting-without-effect", Severity.WARNING),
    _rule("refused-in-v1", Severity.INFO),
    _rule("constraints-invalid", Severity.WARNING, Subject.POOL),
    _rule("balance-refused", Severity.ERROR, Subject.POOL, Fixing.SOMETIMES),
    _rule("port-zero", Severity.WARNING),
    _rule("port-at-run-time", Severity.INFO),
    _rule("no-free-port", Severity.ERROR),
    _rule("port-not-allocated", Severity.WARNING, Subject.POOL),
    _rule("bad-pool-name", Severity.ERROR),
    _rule("pool-twice", Severity.ERROR, Subject.FLEET),
    _rule("section-renamed", Severity.INFO),
    _rule("server-twice", Severity.WARNING),
    _rule("no-frontend", Severity.WARNING),
    _rule("no-route", Severity.WARNING),
    _rule("unknown-backend", Severity.ERROR),
    _rule("unused-backend", Severity.ERROR),
    _rule("unknown-frontend", Severity.WARNING),
    _rule("bad-condition", Severity.ERROR),
    _rule("star-in-host", Severity.WARNING, Subject.TOLD, Fixing.UNSAFE),
    _rule("path-without-slash", Severity.WARNING),
    _rule("glob-in-pattern", Severity.WARNING, Subject.TOLD, Fixing.UNSAFE),
    _rule("unanchored-pattern", Severity.INFO),
    _rule("bad-redirect", Severity.ERROR),
    _rule("empty-exception", Severity.WARNING),
    _rule("redirects-all", Severity.WARNING),
    _rule("redirect-to-nowhere", Severity.WARNING),
    _rule("double-slash", Severity.WARNING),
    _rule("slash-mismatch", Severity.WARNING),
    _rule("path-prefix", Severity.INFO),
    _rule("protocols-clash", Severity.ERROR),
    _rule("rule-never-matches", Severity.WARNING, Subject.POOL, Fixing.SOMETIMES),
    _rule("matches-nothing", Severity.WARNING, Subject.TOLD, Fixing.UNSAFE),
    _rule("no-such-port", Severity.WARNING, Subject.FLEET, Fixing.SOMETIMES),
    _rule("task-without-address", Severity.WARNING),
    _rule("host-without-port", Severity.INFO, Subject.TOLD, Fixing.UNSAFE),
    _rule("no-certificate", Severity.WARNING),
    _rule("certificates-unused", Severity.INFO),
    _rule("tls-to-http", Severity.WARNING),
    _rule("servers-not-verified", Severity.INFO),
    _rule("certificate-not-made", Severity.INFO),
    _rule("secret-missing", Severity.INFO),
    _rule("server-unchecked", Severity.WARNING),
    _rule("silence-cut", Severity.WARNING, Subject.POOL),
)
OF_AUTO_POOLS: tuple[Rule, ...] = (
    _rule("label-clash", Severity.ERROR),
    _rule("label-missing", Severity.ERROR),
    _rule("label-without-effect", Severity.WARNING),
    _rule("label-blanks", Severity.WARNING),
    _rule("label-key-twice", Severity.WARNING),
    _rule("group-disagrees", Severity.WARNING),
    _rule("default-group-shared", Severity.WARNING),
    _rule("not-exposed", Severity.WARNING),
    _rule("nobody-exposed", Severity.WARNING),
    _rule("unnamed-port", Severity.WARNING),
    _rule("task-without-port", Severity.ERROR),
    _rule("port-taken", Severity.ERROR),
    _rule("secret-renamed", Severity.WARNING),
    _rule("secret-twice", Severity.ERROR),
    _rule("rule-never-applies", Severity.WARNING),
    _rule("redirects-others", Severity.WARNING),
)
"""What `lbgen convert auto-pools` tells of apps with labels of Edge-LB; lint does not look at these."""
OF_CONVERSION: tuple[Rule, ...] = (
    _rule("edge-lb-differs", Severity.INFO),
    _rule("label-stays", Severity.INFO),
    _rule("label-replaced", Severity.WARNING),
    _rule("minor-change", Severity.INFO),
    _rule("changes-behaviour", Severity.WARNING),
    _rule("no-counterpart", Severity.WARNING),
    _rule("not-converted", Severity.ERROR),
    _rule("port-443", Severity.INFO),
)
"""What `lbgen convert edge-lb` tells of services that move to Edge-LB."""

RULES: tuple[Rule, ...] = (*_OF_POOLS, *OF_AUTO_POOLS, *OF_CONVERSION)
