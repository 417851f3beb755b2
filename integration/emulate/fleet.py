"""What the tests have emulated: apps of every kind, and a pool."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen.haproxy.password_hash import sha512_crypt

if TYPE_CHECKING:
    from pathlib import Path


def app(name: str, port: int, *, instances: int = 1, **labels: str) -> dict[str, Any]:
    """An app of one port; the labels are those of this port, without `HAPROXY_0_`."""
    return {
        "id": name,
        "instances": instances,
        "cmd": "serve",
        "portDefinitions": [{"port": port, "protocol": "tcp"}],
        "labels": {"HAPROXY_GROUP": "external", **{f"HAPROXY_0_{key}": value for key, value in labels.items()}},
    }


_BY_NAME = """\
frontend {backend}
  bind {bindAddr}:{servicePort}
  mode tcp
  tcp-request inspect-delay 5s
  tcp-request content accept if {{ req.ssl_hello_type 1 }}
  use_backend {backend} if {{ req.ssl_sni -i names.example.org }}
"""
APPS = [
    app("/web", 10101, instances=3, VHOST="web.example.org"),
    app("/api", 10102, VHOST="web.example.org", PATH="/api"),
    app("/old", 10103, VHOST="old.example.org", REDIRECT_TO_HTTPS="true"),
    app("/locked", 10104, VHOST="locked.example.org", AUTH=f"staff:anna:{sha512_crypt(b'secret', 'saltsalt')}"),
    app("/lines", 10105, MODE="tcp"),
    app("/names", 10107, MODE="tcp", FRONTEND_HEAD=_BY_NAME),
]
POOL = {
    "apiVersion": "V2",
    "name": "edge",
    "count": 1,
    "haproxy": {
        "stats": {"bindPort": 6091},
        "frontends": [
            {
                "bindPort": 10180,
                "protocol": "HTTP",
                "linkBackend": {"map": [{"hostEq": "pool.example.org", "backend": "shop"}]},
            }
        ],
        "backends": [
            {
                "name": "shop",
                "protocol": "HTTP",
                "services": [
                    {
                        "mesos": {"frameworkName": "shop", "taskNamePattern": "^web"},
                        "endpoint": {"portName": "web"},
                    }
                ],
            }
        ],
    },
}


def write(directory: Path, apps: list[dict[str, Any]]) -> Path:
    """The apps in a file each."""
    for each in apps:
        save(directory, each)
    return directory


def save(directory: Path, each: dict[str, Any]) -> None:
    """An app in its file, as an editor writes it that replaces the file."""
    path = directory / f"{each['id'].strip('/')}.json"
    aside = directory / f".{path.name}"
    aside.write_text(json.dumps(each, indent=2))
    aside.replace(path)
