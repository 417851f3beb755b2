"""A UDP port gets a TCP frontend.

## What it does

Looks at the protocol of port definitions and port mappings: `udp`, or both, `udp,tcp`.

## Why is this bad?

Marathon-LB does not look at the protocol, and HAProxy does not balance UDP. Of `udp`, the frontend accepts TCP
connections that no task answers; of `udp,tcp`, one half works. Nobody is told.

## Use instead

Leave the port out of the load balancer:

```json
"HAPROXY_0_ENABLED": "false"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.lint.rule import Problem
from lbgen.lint.rules.ports.served import served
from lbgen.marathon import network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every port of a service that is one of UDP."""
    declared = network.service_port_pointers(app.app.fields, network.mode(app.app.fields))
    for service in served(app):
        pointer = declared[service.index].rpartition("/")[0] if service.index < len(declared) else ""
        protocols = _protocols(_at(app.app.fields, pointer))
        if "udp" not in protocols:
            continue
        half = ", and of UDP nothing" if "tcp" in protocols else ""
        yield Problem(
            f"the service port at index {service.index} is one of UDP, and gets a frontend of TCP{half}",
            app.at(f"{pointer}/protocol"),
            f"HAProxy balances no UDP; HAPROXY_{service.index}_ENABLED=false leaves the port alone",
        )


def _at(fields: Any, pointer: str) -> Any:
    for token in pointer.split("/") if pointer else ():
        fields = fields[int(token)] if isinstance(fields, list) else fields[token]
    return fields


def _protocols(entry: Any) -> set[str]:
    said = entry.get("protocol") if isinstance(entry, dict) else None
    return {word.strip().lower() for word in said.split(",")} if isinstance(said, str) else set()
