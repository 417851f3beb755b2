"""TLS and HTTP."""

from __future__ import annotations

from lbgen.finding import Severity
from lbgen.lint.rule import Fixing, Rule, Subject
from lbgen.lint.rules.http import (
    certificate_file,
    certificate_not_on_443,
    h2_with_sni_routing,
    hsts_on_clear_text,
    http_only_label,
    proxypass_host,
    redirect_broken,
)

RULES: tuple[Rule, ...] = (
    Rule("certificate-file", Severity.ERROR, Subject.APP, certificate_file),
    Rule("certificate-not-on-443", Severity.WARNING, Subject.APP, certificate_not_on_443),
    Rule("proxypass-host", Severity.ERROR, Subject.APP, proxypass_host),
    Rule("h2-with-sni-routing", Severity.WARNING, Subject.FLEET, h2_with_sni_routing),
    Rule("redirect-broken", Severity.WARNING, Subject.APP, redirect_broken),
    Rule("http-only-label", Severity.WARNING, Subject.APP, http_only_label, Fixing.UNSAFE),
    Rule("hsts-on-clear-text", Severity.INFO, Subject.APP, hsts_on_clear_text, pedantic=True),
)
