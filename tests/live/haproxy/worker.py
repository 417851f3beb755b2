"""A worker of HAProxy as far as its runtime API knows servers, for tests without HAProxy."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from lbgen.live.haproxy.backends import backends

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = (
    "be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight "
    "srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state "
    "bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord"
)

_ADMIN = {0: "", 4: "", 1: " maint", 5: " maint", 8: " drain", 12: " drain"}


class Worker:
    """Has the servers of a configuration, and does what the commands say; `busy` servers have connections.

    `refuses` are beginnings of commands that it answers with "No.". `told` are the commands that it did.
    """

    def __init__(self, text: str) -> None:
        self.servers: dict[tuple[str, str], dict[str, str | int]] = {}
        self.backends = [backend.name for backend in backends(text)]
        for backend in backends(text):
            for name, server in backend.servers.items():
                admin = 5 if server.disabled else 0
                place = (server.address or "-", server.port or 0)
                self._put((backend.name, name), place, admin, server.weight)
                self.servers[backend.name, name]["srv_check_state"] = 6 if server.checked else 0
        self.busy: set[str] = set()
        self.refuses: tuple[str, ...] = ()
        self.told: list[str] = []

    def ask(self, commands: Sequence[str]) -> list[str]:
        return [self._answer(command) for command in commands]

    def state(self, backend: str) -> dict[str, str]:
        """Each server of the backend in a few words."""
        rows = {name: row for (of, name), row in self.servers.items() if of == backend}
        return {
            name: f"{row['srv_addr']}:{row['srv_port']} w{row['srv_uweight']}{_ADMIN[int(row['srv_admin_state'])]}"
            for name, row in rows.items()
        }

    def _put(self, key: tuple[str, str], place: tuple[str, int], admin: int, weight: int) -> None:
        row: dict[str, str | int] = dict.fromkeys(COLUMNS.split(), 0)
        row |= {"be_name": key[0], "srv_name": key[1], "srv_addr": place[0], "srv_port": place[1]}
        self.servers[key] = row | {"srv_admin_state": admin, "srv_uweight": weight, "srv_iweight": weight}

    def _answer(self, command: str) -> str:
        if command.startswith(self.refuses or ("\n",)):
            return "No.\n"
        words = shlex.split(command)
        if command.startswith("show servers state"):
            return self._show(words[3:])
        self.told.append(command)
        backend, _, name = words[2].partition("/")
        if words[:2] == ["add", "server"]:
            return self._add((backend, name), words[3:])
        if (backend, name) not in self.servers:
            return "No such server.\n"
        if words[:2] == ["del", "server"]:
            return self._delete((backend, name))
        if words[1] == "health":
            self.servers[backend, name]["srv_check_state"] = 6 if words[0] == "enable" else 2
        return self._set(self.servers[backend, name], words[3:]) if words[0] == "set" else "\n"

    def _show(self, names: list[str]) -> str:
        if names and names[0] not in self.backends:
            return "Can't find backend.\n"
        rows = [row for (backend, _), row in self.servers.items() if not names or backend == names[0]]
        return "\n".join(["1", f"# {COLUMNS}", *(" ".join(map(str, row.values())) for row in rows), ""])

    def _add(self, key: tuple[str, str], words: list[str]) -> str:
        if key in self.servers:
            return "Already exists a server with the same name in backend.\n"
        address, _, port = words[0].rpartition(":")
        weight = int(words[words.index("weight") + 1]) if "weight" in words else 1
        self._put(key, (address.strip("[]"), int(port)), 5 if "disabled" in words else 1, weight)
        self.servers[key]["srv_check_state"] = 2 if "check" in words else 0
        return "New server registered.\n"

    def _delete(self, key: tuple[str, str]) -> str:
        if "/".join(key) in self.busy:
            return "Server still has connections attached to it, cannot remove it.\n"
        if not int(self.servers[key]["srv_admin_state"]) & 1:
            return "Only servers in maintenance mode can be deleted.\n"
        del self.servers[key]
        return "Server deleted.\n"

    def _set(self, row: dict[str, str | int], words: list[str]) -> str:
        if words[0] == "state":
            held = int(row["srv_admin_state"]) & 4
            row["srv_admin_state"] = held + {"ready": 0, "maint": 1, "drain": 8}[words[1]]
        elif words[0] == "weight":
            row["srv_uweight"] = int(words[1])
        elif words[0] == "addr":
            row["srv_addr"], row["srv_port"] = words[1], int(words[3])
            return "IP changed from 'x' to 'y' by 'stats socket command'\n"
        return "\n"
