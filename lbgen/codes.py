"""What each rule is called: its stable code by its readable name, for everything that lbgen can find.

The hundreds are families: 1 values and shape, 2 ports, 3 names, 4 routing, 5 templates, 6 security, 7 TLS and HTTP,
8 health and deployment, 9 the generated file and its sources. Codes and names are never used again for anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES: Mapping[str, str] = {
    # 1: values and shape
    "label-unknown": "LBG101",
    "label-index-range": "LBG102",
    "label-not-integer": "LBG103",
    "label-bool-unknown": "LBG104",
    "label-whitespace": "LBG105",
    "auth-malformed": "LBG106",
    "auth-not-a-hash": "LBG107",
    "value-not-allowed": "LBG108",
    "network-acl-invalid": "LBG109",
    "app-shape": "LBG110",
    # 2: ports
    "port-clash": "LBG201",
    "port-clash-reserved": "LBG202",
    "port-range": "LBG203",
    "port-outside-service-range": "LBG204",
    "bind-addr-invalid": "LBG206",
    "bind-addr-not-local": "LBG207",
    "foreign-listener": "LBG208",
    "auto-port-range": "LBG210",
    "udp-port": "LBG212",
    "port-shift": "LBG213",
    "port-twice-in-app": "LBG214",
    # 3: names
    "section-name-collision": "LBG301",
    "acl-name-collision": "LBG302",
    "duplicate-server": "LBG304",
    "server-name-repeated": "LBG305",
    "name-refused": "LBG306",
    # 4: routing
    "duplicate-vhost": "LBG401",
    "path-shadowed": "LBG402",
    "path-prefix-segment": "LBG403",
    "path-syntax": "LBG404",
    "vhost-malformed": "LBG405",
    "vhost-wildcard": "LBG406",
    "label-needs-vhost": "LBG407",
    "redirect-covers-route": "LBG408",
    "auth-covers-route": "LBG409",
    "map-rule-replaced": "LBG410",
    "group-unknown": "LBG411",
    # 5: templates
    "template-placeholder": "LBG501",
    "template-braces": "LBG502",
    "template-newline": "LBG503",
    "template-unused": "LBG504",
    "template-drops": "LBG505",
    "template-empty-half": "LBG506",
    "directive-wrong-section": "LBG507",
    "directive-removed": "LBG508",
    "global-template-ref": "LBG509",
    "head-outdated": "LBG510",
    "directive-unknown": "LBG511",
    # 6: security
    "control-character": "LBG601",
    "section-in-template": "LBG602",
    "dangerous-directive": "LBG603",
    "env-expansion": "LBG604",
    "format-abuse": "LBG605",
    "auth-side-door": "LBG606",
    "auth-no-effect": "LBG607",
    "weak-hash": "LBG608",
    "secret-in-label": "LBG609",
    "control-endpoint-open": "LBG610",
    "clear-text-door": "LBG611",
    "regex-unescaped": "LBG612",
    # 7: TLS and HTTP
    "certificate-file": "LBG701",
    "certificate-not-on-443": "LBG702",
    "proxypass-host": "LBG703",
    "h2-with-sni-routing": "LBG704",
    "redirect-broken": "LBG705",
    "http-only-label": "LBG706",
    # 8: health and deployment
    "check-mismatch": "LBG801",
    "check-path-unsafe": "LBG802",
    "deployment-labels": "LBG804",
    # 9: the generated file and its sources
    "haproxy-refuses": "LBG901",
    "rule-order": "LBG902",
    "unused-or-undefined": "LBG903",
    "apps-shrunk": "LBG905",
    "input-unparsed": "LBG908",
    "internal-error": "LBG909",
}
