"""What a pool may add to the environment of its HAProxy."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lbgen.server.instances.environment import of_pool
from lbgen.server.rendering import load
from lbgen.server.store import StoredPool
from tests.server.documents import pool


def added(**variables: str) -> dict[str, str]:
    document = pool("web", environmentVariables=variables)
    return of_pool(load(StoredPool("web", "V2", document, 1)).pools[0])


def test_what_is_the_pools_own() -> None:
    assert added(ELB_A="1", ELB_="", PATH="/tmp", LD_PRELOAD="x.so", elb_b="2") == {"ELB_A": "1", "ELB_": ""}


@pytest.mark.parametrize(
    ("name", "value"), [("ELB_A=B", "1"), ("ELB_\0", "1"), ("ELB_A", "a\0"), ("ELB_A", "\ud800"), ("ELB_\udcff", "1")]
)
def test_what_no_environment_can_hold_is_left_out(name: str, value: str) -> None:
    found = added(**{name: value, "ELB_C": "é\n"})
    assert found == {"ELB_C": "é\n"}
    assert subprocess.run([sys.executable, "-c", ""], env=found, check=False).returncode == 0
