"""A pool for the API of Kubernetes closes connections on which nobody says anything.

## What it does

Finds backends of pools that lead to API servers of Kubernetes (tasks called `kube-apiserver`, ports called `apiserver`,
addresses that begin with `apiserver.`), understand HTTP, and wait less than ten minutes for what a server says next.
Unless a line of `miscStrs` says otherwise, it is Edge-LB's 30 seconds.

## Why is this bad?

`kubectl get --watch` and `kubectl logs --follow` say nothing as long as nothing happens. They end after half a minute,
and programs that watch the cluster start over and over again.

## Use instead

```json
"miscStrs": ["timeout server 86400s", "timeout tunnel 86400s"]
```

`lbgen expose kubernetes-api --via edge-lb --improve` writes such a pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.edgelb.pool import Service
    from lbgen.lint.subjects import Pool

_DEFAULT, _ENOUGH = 30.0, 600.0
_UNITS = {"us": 1e-6, "ms": 1e-3, "": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_TIME = regex(r"\s*timeout\s+server\s+(\d{1,10})(us|ms|s|m|h|d|)(?:\s.*)?")


def check(pool: Pool) -> Iterator[Problem]:
    """Every backend that leads to such servers, and soon closes what is silent."""
    for backend in pool.pool.backends:
        if not backend.http or not any(map(_is_api_server, backend.services)):
            continue
        seconds, at = _patience(backend.misc)
        if seconds < _ENOUGH:
            where = backend.at if at is None else f"{backend.at}/miscStrs/{at}"
            message = f"after {seconds:g} seconds of silence kubectl's watches and logs are cut"
            yield Problem(message, pool.at(where), 'add "timeout server 86400s" to the miscStrs of the backend')


def _is_api_server(service: Service) -> bool:
    names = [word for each in service.wanted for word in (each.exact, each.pattern)]
    endpoint = service.endpoint
    by_address = endpoint.address.startswith("apiserver.") or service.vip.startswith("apiserver.")
    return by_address or endpoint.port_name == "apiserver" or any("kube-apiserver" in name for name in names)


def _patience(lines: Sequence[str]) -> tuple[float, int | None]:
    """For how many seconds a server may be silent, and which of the lines says so: the last one that does."""
    for index in range(len(lines) - 1, -1, -1):
        for line in reversed(lines[index].splitlines()):
            if (found := _TIME.fullmatch(line)) is not None:
                return int(found[1]) * _UNITS[found[2]], index
    return _DEFAULT, None
