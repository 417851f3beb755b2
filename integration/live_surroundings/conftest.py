"""The same Marathon and load balancer as that of the tests of the loop."""

from __future__ import annotations

from integration.live.conftest import balancer, marathon, short_path, workload

__all__ = ["balancer", "marathon", "short_path", "workload"]
