"""A Marathon for tests: it speaks the real API over real sockets, and fails as it is told to.

    with run_marathon() as marathon:
        marathon.deploy({"id": "/web", "instances": 2, "portDefinitions": [{"port": 10001}]})
        marathon.scale("/web", 5)
        marathon.kill_task(marathon.tasks("/web")[0]["id"])
        marathon.fail(faults.hang(), path="/v2/apps")

`marathon.url` is its address. What the API changes and what the methods change is the same, events and all.
"""

from integration.marathon_stub import faults
from integration.marathon_stub.cluster import Placement
from integration.marathon_stub.marathon import Marathon, run_marathon

__all__ = ["Marathon", "Placement", "faults", "run_marathon"]
