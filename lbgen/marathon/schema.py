"""The border: what lbgen reads of a Marathon app, checked, with a pointer for every fault."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from lbgen.origin import escape_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import TypeAdapter


class IpAddress(TypedDict, total=False):
    """An address of a task."""

    ipAddress: str | None


class HealthCheckResult(TypedDict, total=False):
    """What Marathon found of one check of a task."""

    alive: bool | None


class Task(TypedDict, total=False):
    """A running (or not so running) instance of an app."""

    id: str | None
    appId: str | None
    host: str | None
    ports: list[int] | None
    servicePorts: list[int] | None
    ipAddresses: list[IpAddress] | None
    state: str | None
    healthCheckResults: list[HealthCheckResult | None] | None


class HealthCheckFields(TypedDict, total=False):
    """A health check of an app; what it holds beyond these is kept aside, unread."""

    protocol: str | None
    port: int | None
    portIndex: int | None
    path: str | None
    timeoutSeconds: int | None
    intervalSeconds: int | None
    gracePeriodSeconds: int | None
    maxConsecutiveFailures: int | None


class PortDefinition(TypedDict, total=False):
    """A service port of a host-network app."""

    port: int | None


class PortMapping(TypedDict, total=False):
    """A port of a container."""

    containerPort: int | None
    hostPort: int | None
    servicePort: int | None


class Docker(TypedDict, total=False):
    """The Docker part of a container; ports moved out of it with Marathon 1.5."""

    network: str | None
    portMappings: list[PortMapping] | None


class Container(TypedDict, total=False):
    """The container of an app."""

    docker: Docker | None
    portMappings: list[PortMapping] | None


class DiscoveryPort(TypedDict, total=False):
    """A port of an IP-per-task app, before Marathon 1.5."""

    number: int | None


class Discovery(TypedDict, total=False):
    """The discovery part of an IP-per-task app."""

    ports: list[DiscoveryPort] | None


class IpPerTask(TypedDict, total=False):
    """An app whose tasks have addresses of their own, before Marathon 1.5."""

    discovery: Discovery | None


class Network(TypedDict, total=False):
    """A network of an app, since Marathon 1.5."""

    mode: str | None


class VersionInfo(TypedDict, total=False):
    """When the app last changed; `lastScalingAt` is read for deployment groups."""

    lastScalingAt: str | None


class App(TypedDict, total=False):
    """A Marathon app, as far as a load balancer is concerned."""

    id: str
    labels: dict[str, str | None]
    tasks: list[Task] | None
    ports: list[int] | None
    portDefinitions: list[PortDefinition] | None
    networks: list[Network] | None
    ipAddress: IpPerTask | None
    container: Container | None
    healthChecks: list[HealthCheckFields] | None
    instances: int | None
    versionInfo: VersionInfo | None


class Fault(Exception):  # noqa: N818 - one of possibly many faults of one value, not an error on its way up
    """A value is not what it should be: `pointer` leads to it from the validated object."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import ConfigDict, TypeAdapter, with_config

    return TypeAdapter(with_config(ConfigDict(strict=True))(kind))


def validate(kind: Any, value: object) -> Any:
    """The value as the given kind, unknown keys dropped; raises ExceptionGroup of Fault with every fault of it."""
    from pydantic import ValidationError

    try:
        return _adapter(kind).validate_python(value)
    except ValidationError as error:
        raise ExceptionGroup("not what it should be", list(_faults(error))) from None


def app_validator() -> Any:
    """A function that validates one app, for those who have thousands of them; raises as pydantic does."""
    return _adapter(App).validate_python


def _faults(error: Any) -> Iterator[Fault]:
    for detail in error.errors(include_url=False, include_context=False):
        # Behind the key of an object pydantic names "[key]" where the key itself is at fault.
        pointer = "".join(f"/{escape_pointer(str(step))}" for step in detail["loc"] if str(step) != "[key]")
        yield Fault(pointer, _in_words(detail))


_KINDS = {"str": "a string", "int": "a whole number", "bool": "true or false", "list": "a list", "dict": "an object"}


def _in_words(detail: Any) -> str:
    wanted = detail["type"].removesuffix("_type").removesuffix("_parsing")
    names = {"string": "str", "dict": "dict", "list": "list", "int": "int", "bool": "bool", "int_from_float": "int"}
    wanted = _KINDS.get(names.get(wanted, wanted))
    if wanted is None:
        return str(detail["msg"])
    return f"should be {wanted}, is {described(detail['input'])}"


def described(value: object) -> str:
    """The value in a few words, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"the number {value!r:.40}"
    if isinstance(value, str):
        return f'the string "{value:.40}"'
    return "a list" if isinstance(value, list) else "an object"
