"""Health checks: which one counts for a service, and whether a task has passed its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.errors import AppError
from lbgen.marathon.values import verbatim
from lbgen.model.service import HealthCheck, Service

if TYPE_CHECKING:
    from lbgen.marathon.apps import MarathonApp, RunningTask


def check_for(app: MarathonApp, index: int) -> HealthCheck | None:
    """The health check of the service at this position: the first that names a port, or names this position.

    Raises AppError where that check has no protocol.
    """
    for position, fields in enumerate(app.fields.get("healthChecks") or ()):
        if fields.get("port") or fields.get("portIndex") == index:
            pointer = f"healthChecks/{position}"
            protocol = fields.get("protocol")
            if protocol is None:
                origin = app.ref.because(pointer).origin()
                raise AppError("a health check has no protocol", origin=origin, rule="bad-health-check")
            return HealthCheck(protocol, fields, pointer)
    return None


def alive(task: RunningTask) -> bool:
    """Whether any check of the task has passed; a task of which nothing is known has not."""
    return any(task.results or ())


_TIMES = ("timeoutSeconds", "intervalSeconds", "gracePeriodSeconds", "maxConsecutiveFailures")
_LARGEST = 2**63
"""No number of a check comes near; Python writes none of more than 4,300 digits."""


def placeholders(service: Service, check: HealthCheck) -> dict[str, Any]:
    """What templates of health checks are filled with, but for the port to check.

    Raises AppError where the check lacks one of its numbers, or holds a text that could leave its place.
    """
    fields = check.raw
    missing = [name for name in _TIMES if fields.get(name) is None]
    if missing:
        origin = service.app.because(check.pointer).origin()
        raise AppError(f"the health check has no {', '.join(missing)}", origin=origin, rule="bad-health-check")
    for name in (*_TIMES, "port", "portIndex"):
        if abs(fields.get(name) or 0) > _LARGEST:
            origin = service.app.because(f"{check.pointer}/{name}").origin()
            raise AppError(f"the health check's {name} is too large", origin=origin, rule="bad-health-check")
    path = fields.get("path", "/")
    _refuse_hostile(service, check, "path", path)
    _refuse_hostile(service, check, "protocol", check.protocol)
    return {
        "healthCheckPortIndex": fields.get("portIndex"),
        "healthCheckPort": fields.get("port"),
        "healthCheckProtocol": check.protocol,
        "healthCheckPath": path,
        "healthCheckTimeoutSeconds": fields["timeoutSeconds"],
        "healthCheckIntervalSeconds": fields["intervalSeconds"],
        "healthCheckGracePeriodSeconds": fields["gracePeriodSeconds"],
        "healthCheckMaxConsecutiveFailures": fields["maxConsecutiveFailures"],
        "healthCheckFalls": fields["maxConsecutiveFailures"] + 1,
        "healthCheck": fields,
    }


def _refuse_hostile(service: Service, check: HealthCheck, member: str, text: str) -> None:
    try:
        verbatim(text)
    except ValueError as error:
        origin = service.app.because(f"{check.pointer}/{member}").origin()
        raise AppError(f"the health check's {member} {error}", origin=origin, rule="bad-health-check") from None
