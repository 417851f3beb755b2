"""Pools of both versions, as short as they can be."""

from __future__ import annotations

from typing import Any

V2: dict[str, Any] = {
    "apiVersion": "V2",
    "name": "web",
    "count": 2,
    "haproxy": {
        "stats": {"bindPort": 9091},
        "frontends": [
            {"bindPort": 80, "protocol": "HTTP", "linkBackend": {"defaultBackend": "shop"}},
            {
                "bindPort": 8080,
                "protocol": "HTTP",
                "linkBackend": {"map": [{"pathBeg": "/a", "backend": "shop"}, {"pathBeg": "/o", "backend": "old"}]},
            },
        ],
        "backends": [
            {
                "name": "shop",
                "protocol": "HTTP",
                "balance": "leastconn",
                "services": [
                    {"marathon": {"serviceID": "/shop"}, "endpoint": {"portName": "web"}},
                    {
                        "mesos": {"frameworkName": "kafka", "taskNamePattern": "^b-"},
                        "endpoint": {"type": "AGENT_IP", "allPorts": True, "check": {"enabled": False}},
                    },
                ],
            },
            {
                "name": "old",
                "protocol": "HTTP",
                "services": [{"endpoint": {"type": "ADDRESS", "address": "old.example.org", "port": 81}}],
            },
        ],
    },
}
V1: dict[str, Any] = {
    "apiVersion": "V1",
    "name": "web",
    "haproxy": {
        "frontends": [{"bindPort": 80, "protocol": "HTTP", "linkBackend": {"defaultBackend": "shop"}}],
        "backends": [
            {
                "name": "shop",
                "protocol": "HTTP",
                "servers": [
                    {
                        "framework": {"value": "marathon"},
                        "task": {"value": "shop"},
                        "port": {"name": "web"},
                    }
                ],
            }
        ],
    },
}
