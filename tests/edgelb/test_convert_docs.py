"""The pages about labels name every label that there is, and every example is what they say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lbgen.edgelb.auto_labels import GROUP_LABELS, PREFIX, TASK_LABELS
from lbgen.marathon.labels import PORT_LABELS
from lbgen.pipeline import read_inputs
from lbgen.pipeline.auto_pools import from_labels, read_labelled
from tests.edgelb.converting import converted

ROOT = Path(__file__).parent.parent.parent
AUTO_POOLS = ROOT.joinpath("docs", "auto-pools.md").read_text()
MOVING = ROOT.joinpath("docs", "moving-to-edge-lb.md").read_text()


def named_in(page: str) -> set[str]:
    """What stands first in the rows of the page's tables."""
    cells = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([\w.]+)`", cell)}


@pytest.mark.parametrize("label", [*(f"{PREFIX}{name}" for name in TASK_LABELS), *GROUP_LABELS])
def test_every_label_of_edge_lb_has_a_row(label: str) -> None:
    assert label in named_in(AUTO_POOLS)


@pytest.mark.parametrize("label", [label.name for label in PORT_LABELS])
def test_every_label_of_marathon_lb_has_a_row(label: str) -> None:
    assert label in named_in(MOVING)


def test_the_example_with_labels_of_edge_lb_is_without_fault() -> None:
    made = from_labels(read_labelled([str(ROOT / "examples" / "shop-edgelb.json")]))

    assert made.findings == []
    assert [pool.name for pool in made.pools] == ["auto-default"]


def test_the_example_with_labels_of_marathon_lb_goes_over_as_a_pool_whole_and_as_labels_in_part() -> None:
    path = ROOT / "examples" / "shop-haproxy.json"
    assert read_inputs([str(path)]).findings == []
    value = json.loads(path.read_text())

    assert converted(value, to="pool").left_out == []
    assert [ref.id for ref in converted(value, to="labels").left_out] == ["/shop"]
