"""Settings as values: a field for each key, None where nothing is said."""

from __future__ import annotations

from dataclasses import field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.origin import Origin

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LintSettings:
    """What `[lint]` says; None for what it does not say. Names are those of the options of `lbgen lint`."""

    select: Words | None = None
    ignore: Words | None = None
    extend_select: Words | None = None
    pedantic: bool | None = None
    fail_on: str | None = None
    exclude: Words | None = None
    baseline: str | None = None
    per_path_ignores: Mapping[str, Words] = field(default_factory=dict)
    per_app_ignores: Mapping[str, Words] = field(default_factory=dict)
    severity: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a file of settings says; None for what it does not say. Names are those of the options.

    `path` is the file, empty where there is none; names of files in it are as seen from its directory. `places` tell
    where each key stands, by its name with dots, as in `lint.select`.
    """

    path: str = ""
    groups: Words | None = None
    dialect: str | None = None
    target: str | None = None
    service_ports: range | None = None
    lb_ports: tuple[int, ...] | None = None
    lb_addresses: Words | None = None
    shared_nodes: Words | None = None
    public_agents: int | None = None
    ssl_certs: Words | None = None
    haproxy_map: bool | None = None
    haproxy_config: str | None = None
    group_https_by_vhost: bool | None = None
    dont_bind_http_https: bool | None = None
    strict_mode: bool | None = None
    health_check: bool | None = None
    unsafe_templates: bool | None = None
    min_serv_port_ip_per_task: int | None = None
    max_serv_port_ip_per_task: int | None = None
    templates: str | None = None
    lua_dir: str | None = None
    stats_socket: str | None = None
    ports_db: str | None = None
    lint: LintSettings = field(default_factory=LintSettings)
    places: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def directory(self) -> str:
        """The directory of the file, or the current one."""
        return str(Path(self.path).parent) if self.path else "."


def as_table(settings: Settings | LintSettings) -> dict[str, Any]:
    """What is said, by the names of the keys."""
    left_out = {"path", "places", "lint"}
    values = {each.name: getattr(settings, each.name) for each in fields(settings) if each.name not in left_out}
    return {name.replace("_", "-"): value for name, value in values.items() if value not in (None, {})}
