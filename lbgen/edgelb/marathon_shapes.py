"""What selectors need to know of apps and pods of Marathon, as its replies and definitions have it."""

from __future__ import annotations

from typing_extensions import TypedDict


class IpAddress(TypedDict, total=False):
    """An address of a task."""

    ipAddress: str | None


class Alive(TypedDict, total=False):
    """What came of a check."""

    alive: bool | None


class AppTask(TypedDict, total=False):
    """A task of an app."""

    id: str
    appId: str | None
    host: str | None
    ports: list[int] | None
    ipAddresses: list[IpAddress] | None
    state: str | None
    healthCheckResults: list[Alive | None] | None


class PortDefinition(TypedDict, total=False):
    """A port of a host-network app."""

    name: str | None


class PortMapping(TypedDict, total=False):
    """A port of a container."""

    name: str | None
    containerPort: int | None
    hostPort: int | None


class Docker(TypedDict, total=False):
    """The Docker part of a container."""

    network: str | None
    portMappings: list[PortMapping] | None


class Container(TypedDict, total=False):
    """The container of an app."""

    docker: Docker | None
    portMappings: list[PortMapping] | None


class Network(TypedDict, total=False):
    """A network of an app."""

    mode: str | None


class HealthCheck(TypedDict, total=False):
    """A check; only its protocol counts, which says who runs it."""

    protocol: str | None


class App(TypedDict, total=False):
    """An app, as far as selectors are concerned."""

    id: str
    instances: int | None
    ports: list[int] | None
    portDefinitions: list[PortDefinition] | None
    networks: list[Network] | None
    container: Container | None
    healthChecks: list[HealthCheck] | None
    tasks: list[AppTask] | None


class Endpoint(TypedDict, total=False):
    """A port of a pod's container."""

    name: str | None
    containerPort: int | None
    hostPort: int | None
    allocatedHostPort: int | None


class PodContainer(TypedDict, total=False):
    """A container of a pod."""

    name: str
    endpoints: list[Endpoint] | None
    containerId: str | None
    status: str | None


class PodAddresses(TypedDict, total=False):
    """Addresses of a pod's instance."""

    addresses: list[str] | None


class Instance(TypedDict, total=False):
    """An instance of a pod."""

    id: str
    status: str | None
    agentHostname: str | None
    networks: list[PodAddresses] | None
    containers: list[PodContainer] | None


class Scaling(TypedDict, total=False):
    """How many instances a pod has."""

    instances: int | None


class Pod(TypedDict, total=False):
    """A pod."""

    id: str
    containers: list[PodContainer] | None
    networks: list[Network] | None
    scaling: Scaling | None


class PodStatus(TypedDict, total=False):
    """A pod with its instances."""

    id: str
    spec: Pod | None
    instances: list[Instance] | None
