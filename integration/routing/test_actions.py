"""Actions one by one: what servers get of a request that a rule has changed, and where redirects lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.routing.comparing import differences
from integration.traffic.fleets import STUB_PORTS
from integration.traffic.request import Request

if TYPE_CHECKING:
    from integration.routing.conftest import Balancer

CHANGES = (
    *(
        "set-path /new",
        "set-path /new%[path]",
        "set-query x=y",
        "set-query %[query]&z",
    ),
    *("set-uri /new?x", "set-uri %[path]", "replace-uri ^/app(.*) /x\\1", "replace-uri b=c /d", "replace-uri nope x"),
    *(
        "replace-path ^/app/?(.*)$ /\\1",
        "replace-path p(.) /q\\1r",
        "replace-path (?i)^/APP /\\0/x",
        "replace-path nope x",
    ),
    *("set-header Host new.test", "del-header Host", "replace-header Host ^(.*)[.]test$ \\1.example", "set-method GET"),
    *("replace-header Host nope x", "set-header Host %[req.hdr(host),upper]", "set-header Host a%[var(txn.none)]b"),
)
REDIRECTS = (
    *("location /x", "location https://a.test%[url]", "location /%[query]", "prefix /x", "prefix https://a.test"),
    *(
        "prefix /",
        "prefix /x drop-query",
        "prefix /x drop-query append-slash",
        "prefix /x append-slash",
        "scheme https",
    ),
    *("scheme https code 308", "scheme https drop-query", "location /x code 303", "prefix /x code 307 set-cookie A=b"),
)
REQUESTS = (("/app/one?b=c", "www.test"), ("/APP", "www.test:8080"), ("/app?", "other.example"), ("/", "www.test"))


def configuration(host: str) -> str:
    """A backend for each change and each redirect, chosen by a header."""
    rules = [f"http-request {change}" for change in CHANGES]
    rules += [f"redirect {words}" for words in REDIRECTS]
    rules += [f"http-request redirect {words}" for words in REDIRECTS]
    head = "defaults\n  mode http\n  timeout connect 3s\n  timeout client 10s\n  timeout server 10s\nfrontend in\n"
    head += "  bind :8080\n" + "".join(f"  use_backend b{n} if {{ hdr(x-n) {n} }}\n" for n in range(len(rules)))
    port = STUB_PORTS[0]
    return head + "".join(f"backend b{n}\n  {rule}\n  server s {host}:{port}\n" for n, rule in enumerate(rules))


def test_lbgen_knows_what_becomes_of_a_request(balancer: Balancer) -> None:
    text = configuration(balancer.address)
    balancer.haproxy.reload(text)
    number = len(CHANGES) + 2 * len(REDIRECTS)
    asked = [Request(8080, path, host, more=(("x-n", str(n)),)) for n in range(number) for path, host in REQUESTS]
    assert differences(balancer.haproxy, text, asked) == []
