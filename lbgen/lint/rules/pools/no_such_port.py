"""A service of a pool asks for a port that the app does not have.

## What it does

Looks for the apps that `marathon.serviceID` names among those that are linted together, and compares `portName` with
the names of their ports. `lbgen haproxy from-pool --tasks` and `lbgen convert auto-pools` tell of it too.

## Why is this bad?

The backend has no server: every request is answered with 503.

## Use instead

The name as the app has it, which need not be the app's own name:

```json
"endpoint": {"portName": "http"}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix
from lbgen.lint.rule import Problem
from lbgen.marathon import network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Fleet, Pool


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every name of a port that the selected app does not give to any."""
    apps = {f"/{app_id.lstrip('/')}": app for app_id, app in fleet.by_id.items()}
    for pool in fleet.pools:
        yield from _pool(pool, apps)


def _pool(pool: Pool, apps: dict[str, App]) -> Iterator[Problem]:
    for backend in pool.pool.backends:
        for service in backend.services:
            wanted, endpoint = service.wants("marathon/serviceID"), service.endpoint
            app = apps.get(wanted.exact) if not wanted.pattern else None
            if app is None or not endpoint.port_name or endpoint.all_ports or endpoint.type == "ADDRESS":
                continue
            names = _port_names(app)
            if endpoint.port_name in names:
                continue
            at = service.pointer("endpoint/portName")
            message = f'{app.id:.80} has no port called "{endpoint.port_name:.60}": the backend answers 503'
            help_ = f"there are: {', '.join(names[:8])}" if names else "its ports have no names"
            fix = _named(pool, at, names[0]) if len(names) == 1 else None
            yield Problem(message, pool.at(at), help_, (app.origin,), fix=fix)


def _named(pool: Pool, at: str, name: str) -> Fix:
    return Fix(f'write "{name:.60}"', (Edit(pool.document, name, at),), safe=False)


def _port_names(app: App) -> list[str]:
    fields = app.app.fields
    listed = [*(network.mappings(fields) or ()), *(fields.get("portDefinitions") or ())]
    discovery = ((fields.get("ipAddress") or {}).get("discovery") or {}).get("ports") or ()
    return [each["name"] for each in (*listed, *discovery) if isinstance(each, dict) and each.get("name")]
