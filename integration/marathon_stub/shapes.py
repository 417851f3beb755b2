"""Apps and tasks as Marathon writes them down."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

_DEFAULTS: dict[str, Any] = {
    "acceptedResourceRoles": ["*"],
    "backoffFactor": 1.15,
    "backoffSeconds": 1,
    "constraints": [],
    "cpus": 0.1,
    "dependencies": [],
    "disk": 0,
    "env": {},
    "executor": "",
    "fetch": [],
    "gpus": 0,
    "healthChecks": [],
    "instances": 1,
    "killSelection": "YOUNGEST_FIRST",
    "labels": {},
    "maxLaunchDelaySeconds": 300,
    "mem": 128,
    "requirePorts": False,
    "unreachableStrategy": {"inactiveAfterSeconds": 0, "expungeAfterSeconds": 0},
    "upgradeStrategy": {"maximumOverCapacity": 1, "minimumHealthCapacity": 1},
}
_UNLIKE_CONFIGURATION = {"instances", "version", "versionInfo", "tasks", "deployments"}
_numbers = itertools.count(1)


def now() -> str:
    """The time, never the same twice."""
    stamp = dt.datetime.now(dt.UTC) + dt.timedelta(milliseconds=next(_numbers))
    return f"{stamp:%Y-%m-%dT%H:%M:%S}.{stamp.microsecond // 1000:03}Z"


def app_id(text: str) -> str:
    """The id with its slash in front, and none behind."""
    return f"/{text.strip('/')}"


def completed(given: dict[str, Any], before: dict[str, Any] | None, free_port: int) -> dict[str, Any]:
    """The app of this definition, or of the one before with what is given changed, with all that Marathon adds."""
    app = {**_DEFAULTS, **(before or {}), **given}
    app.pop("tasks", None)
    app["id"] = app_id(app["id"])
    app.setdefault("networks", [{"mode": "host"}])
    if "ports" not in app and "container" not in app:
        app.setdefault("portDefinitions", [{"port": free_port, "protocol": "tcp", "name": "default"}])
    stamp = now()
    configured = before is None or configuration(before) != configuration(app)
    info = {} if before is None else before["versionInfo"]
    app["version"] = stamp
    app["versionInfo"] = {
        "lastScalingAt": stamp,
        "lastConfigChangeAt": stamp if configured else info["lastConfigChangeAt"],
    }
    return app


def configuration(app: dict[str, Any]) -> dict[str, Any]:
    """What makes Marathon start new tasks when it changes."""
    return {key: value for key, value in app.items() if key not in _UNLIKE_CONFIGURATION}


def service_ports(app: dict[str, Any]) -> list[int]:
    """The service ports, wherever this app has them."""
    container = app.get("container") or {}
    mappings = container.get("portMappings") or (container.get("docker") or {}).get("portMappings")
    if mappings:
        return [mapping.get("servicePort", 0) for mapping in mappings]
    return [each["port"] for each in app.get("portDefinitions") or []] or list(app.get("ports") or [])


def task(app: dict[str, Any], task_id: str, host: str, ports: list[int], address: str) -> dict[str, Any]:
    """A task that was just launched."""
    stamp = now()
    return {
        "appId": app["id"],
        "host": host,
        "id": task_id,
        "ipAddresses": [{"ipAddress": address, "protocol": "IPv4"}],
        "localVolumes": [],
        "ports": ports,
        "servicePorts": service_ports(app),
        "slaveId": "0e2a5ae8-6b1d-4a45-9f0f-9d5d0e2f8c11-S0",
        "stagedAt": stamp,
        "startedAt": stamp,
        "state": "TASK_STAGING",
        "version": app["versionInfo"]["lastConfigChangeAt"],
    }


def health_result(task: dict[str, Any], *, alive: bool) -> dict[str, Any]:
    """What a health check of the task found."""
    stamp = now()
    return {
        "alive": alive,
        "consecutiveFailures": 0 if alive else 1,
        "firstSuccess": stamp,
        "instanceId": task["id"].rpartition("._app")[0],
        "lastFailure": None if alive else stamp,
        "lastFailureCause": None if alive else "503 Service Unavailable",
        "lastSuccess": stamp,
    }
