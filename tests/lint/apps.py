"""Apps with something to find."""

from __future__ import annotations

from typing import Any


def app(app_id: str = "/shop", port: int = 10001, **labels: str) -> dict[str, Any]:
    """An app of the group `external`; labels are `HAPROXY_0_<key>` unless they say more."""
    named = {
        key if "_" in key and key.split("_")[0] in {"HAPROXY", "LBGEN"} else f"HAPROXY_0_{key}": value
        for key, value in labels.items()
    }
    return {"id": app_id, "labels": {"HAPROXY_GROUP": "external", **named}, "portDefinitions": [{"port": port}]}


def sticky(app_id: str = "/shop", port: int = 10001, **labels: str) -> dict[str, Any]:
    """An app with one warning: label-bool-unknown, LBG104."""
    return app(app_id, port, STICKY="1", **labels)


def broken(app_id: str = "/shop", port: int = 10001, **labels: str) -> dict[str, Any]:
    """An app with one error: label-not-integer, LBG103."""
    return app(app_id, port, BACKEND_WEIGHT="high", **labels)
