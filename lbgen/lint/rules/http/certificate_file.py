"""SSL_CERT names no file that could serve as a certificate.

## What it does

Reads the value of `HAPROXY_{n}_SSL_CERT` as HAProxy will: one path, behind which more words of the bind line may stand.
Where that very file is on this machine, it is opened as well: it should hold a private key, not be expired, and be made
out to the vhosts of the service.

## Why is this bad?

HAProxy refuses the whole file if a certificate is missing or has no key, and Marathon-LB then reloads nothing, for
nobody. An expired certificate, or one of another name, is served as it is, and clients turn away. A file that is not on
this machine may well be on the load balancer: that is a remark, which `--pedantic` shows.

## Use instead

The absolute path of a PEM file, or of a directory of them, with certificate and key together:

```json
"HAPROXY_0_SSL_CERT": "/etc/ssl/shop.pem"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.lint.rules.http.certificates import absent, contents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Label
    from lbgen.model.service import Service

_SOFT = Severity.WARNING


def check(app: App) -> Iterator[Problem]:
    """What is wrong with each certificate of the app."""
    for service in app.services:
        label = app.label("SSL_CERT", service.index)
        if label is not None:
            yield from _form(label)
            yield from _contents(label, service)


def _form(label: Label) -> Iterator[Problem]:
    words = label.text.split()
    if not words:
        message = "is empty, so that the service port speaks clear text"
        yield Problem(f"the path of the certificate {message}", label.origin, "leave the label out", severity=_SOFT)
        return
    path, *more = words
    start = label.text.find(path)
    if "," in path:
        at = label.origin.narrowed(start + path.index(","), start + path.index(",") + 1)
        help_ = "one file or directory; more certificates follow as words of the bind line: a.pem crt b.pem"
        yield Problem("a comma is part of the path: HAProxy takes no list of certificates", at, help_)
    elif not path.startswith(("/", "@", "$", '"', "'")):
        at = label.origin.narrowed(start, start + len(path))
        help_ = "an absolute path, as in /etc/ssl/shop.pem"
        yield Problem(f'"{path:.60}" is looked for where HAProxy was started', at, help_, severity=_SOFT)
    elif more and (more[0].startswith("/") or more[0].endswith(".pem")):
        start = label.text.find(more[0], start + len(path))
        at = label.origin.narrowed(start, start + len(more[0]))
        message = f'"{more[0]:.60}" would be a word of the bind line, and HAProxy knows none like it'
        yield Problem(message, at, "a second certificate follows the word crt")
    elif path.startswith("/") and absent(path):
        at = label.origin.narrowed(start, start + len(path))
        message = f'"{path:.60}" has to be on the load balancer, or the configuration fails for all apps'
        yield Problem(message, at, "have it there before the app is deployed", severity=Severity.INFO)


def _contents(label: Label, service: Service) -> Iterator[Problem]:
    found = contents(label.text.split()[0]) if label.text.strip() else None
    if found is None:
        return
    if not found.has_key:
        help_ = "HAProxy wants certificate and key in one file, or the key beside it under the same name and .key"
        yield Problem("the file has no private key", label.origin, help_)
    if found.expired is not None:
        yield Problem(f"the certificate in the file expired on {found.expired:%Y-%m-%d}", label.origin)
    missing = [vhost for vhost in service.vhosts if vhost and not found.is_for(vhost)]
    if missing:
        names = ", ".join(found.names) or "nobody"
        message = f'the certificate in the file is made out to {names:.120}, not to "{missing[0]:.80}"'
        yield Problem(message, label.origin, severity=_SOFT)
