"""From the labels of a service port to a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from lbgen.errors import AppError
from lbgen.marathon.health import check_for
from lbgen.marathon.labels import BY_NAME, TEMPLATE_LABELS, split_name
from lbgen.model.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.marathon.apps import MarathonApp
    from lbgen.marathon.labels import Label


def labels_by_index(labels: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """The labels that count per service port: texts by name, by index."""
    by_index: dict[int, dict[str, str]] = {}
    for key, value in labels.items():
        found = split_name(key)
        if found is not None:
            by_index.setdefault(found[0], {})[found[1]] = value
    return by_index


def _refuse(error: AppError) -> NoReturn:
    raise error


def read_service(
    app: MarathonApp,
    index: int,
    port: int,
    labels: Mapping[str, str],
    refuse: Callable[[AppError], object] = _refuse,
) -> Service:
    """The service at the app's service port `index`, with what its labels, by name, say; it has no servers yet.

    Raises AppError at a value that is none. Where `refuse` is given, it gets the error, and the service goes without.
    """
    try:
        check = check_for(app, index)
    except AppError as error:
        refuse(error)
        check = None
    service = Service(
        app=app.ref,
        index=index,
        declared_port=port,
        port=port,
        mode="http" if check is not None and check.protocol == "HTTP" else "",
        check=check,
        labels=labels,
    )
    if labels:
        _apply_labels(service, labels, refuse)
    try:
        _settle_mode(app, service)
    except AppError as error:
        refuse(error)
    return service


def _apply_labels(service: Service, labels: Mapping[str, str], refuse: Callable[[AppError], object]) -> None:
    overrides = {}
    for name, value in labels.items():
        if name in TEMPLATE_LABELS:
            overrides[name] = value.replace("\r\n", "\n")
        elif (row := BY_NAME.get(name)) is not None:
            try:
                setattr(service, row.field, row.parse(value))
            except ValueError as error:
                refuse(_label_error(service, row, str(error)))
    if "VHOST" in labels:
        service.several_vhosts = len(service.vhosts) > 1
    if service.path is not None and service.weight == 0:
        service.weight = 1
    service.overrides = overrides


def _label_error(service: Service, row: Label, message: str) -> AppError:
    origin = service.app.label(f"HAPROXY_{service.index}_{row.name}").origin()
    return AppError(message, origin=origin, help=f"what the label is for: {row.meaning}", rule="bad-label-value")


def _settle_mode(app: MarathonApp, service: Service) -> None:
    if service.check is None and service.health_check_port_index is not None:
        service.check = check_for(app, service.health_check_port_index)
        if service.check is not None and service.check.protocol in {"HTTP", "HTTPS", "MESOS_HTTP", "MESOS_HTTPS"}:
            service.mode = "http"
    if not service.mode and "MODE" not in service.labels:
        service.mode = "http" if service.vhosts else "tcp"
