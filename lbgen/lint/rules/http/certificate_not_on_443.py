"""A service with a vhost has a certificate that 443 does not use.

## What it does

Looks for `SSL_CERT` beside `VHOST`, where port 443 is one frontend for all vhosts and the load balancer's own
certificates do not hold this one.

## Why is this bad?

`SSL_CERT` belongs to the bind line of the service port. Visitors of `https://shop.example.com/` come in on 443, and are
shown the certificates that the load balancer was started with. The label looks as if it served them.

## Use instead

Give the certificate to the load balancer: `--ssl-certs /etc/ssl/shop.pem,/etc/ssl/cert.pem`, or let it group 443 by
vhost with `--group-https-by-vhost`, where every vhost has the certificates of its services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every certificate that the vhosts beside it are not served with."""
    context = app.context
    # What an operator's own head of 443 has for certificates is the operator's to know.
    if context.group_https_by_vhost or not context.bind_http_https or "HTTPS_FRONTEND_HEAD" in context.templates:
        return
    for service in app.services:
        label = app.label("SSL_CERT", service.index)
        vhosts = [vhost for vhost in service.vhosts if vhost.strip()]
        if label is None or not label.text.strip() or not vhosts or service.mode == "tcp":
            continue
        if not _has(app.context.ssl_certs, label.text.split()[0]):
            port = service.port or "the service port"
            message = f"serves {port} alone, and not https://{vhosts[0]:.80}/, which is on 443"
            help_ = "give it to the load balancer with --ssl-certs, or group 443 by vhost"
            yield Problem(f"the certificate {message}", label.origin, help_)


def _has(certificates: Sequence[str], path: str) -> bool:
    """Whether the load balancer has the file, by itself or in a directory of certificates."""
    return any(path == known or path.startswith(f"{known.rstrip('/')}/") for known in certificates)
