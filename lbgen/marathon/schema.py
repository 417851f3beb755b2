"""The border: what lbgen reads of a Marathon app, checked, with a pointer for every fault."""

from __future__ import annotations

from typing import Any, TypedDict

from lbgen.model.border import Fault, described, validate

__all__ = ["App", "Fault", "Task", "described", "validate"]


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
    """A service port of a host-network app; its name selects it for those who ask for ports by name."""

    port: int | None
    protocol: Any
    name: Any


class PortMapping(TypedDict, total=False):
    """A port of a container."""

    containerPort: int | None
    hostPort: int | None
    servicePort: int | None
    protocol: Any
    name: Any


class Docker(TypedDict, total=False):
    """The Docker part of a container; ports moved out of it with Marathon 1.5."""

    image: Any
    network: str | None
    portMappings: list[PortMapping] | None


class Container(TypedDict, total=False):
    """The container of an app."""

    docker: Docker | None
    portMappings: list[PortMapping] | None


class DiscoveryPort(TypedDict, total=False):
    """A port of an IP-per-task app, before Marathon 1.5."""

    number: int | None
    name: Any


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
    args: Any
    requirePorts: Any
    acceptedResourceRoles: Any
    constraints: Any
    versionInfo: VersionInfo | None
