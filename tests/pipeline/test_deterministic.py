"""Same input, same bytes, whatever the order of files, apps, labels and tasks."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.fleets import CHECK, generate, task
from tests.pipeline.files import outcome, put

if TYPE_CHECKING:
    from pathlib import Path


def fleet(seed: int) -> list[dict[str, Any]]:
    """Thirty apps with vhosts in common, several tasks each, and some that are not deployed."""
    random = Random(seed)
    return [_app(number, random) for number in range(30)]


def _app(number: int, random: Random) -> dict[str, Any]:
    labels = {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": random.choice(["a.x", "b.x,a.x", "c.x"])}
    for key, value in (
        ("PATH", f"/{number}"),
        ("BACKEND_WEIGHT", "3"),
        ("STICKY", "true"),
        ("SSL_CERT", f"/{number}.pem"),
    ):
        if random.random() < 0.4:
            labels[f"HAPROXY_0_{key}"] = value
    if random.random() < 0.2:
        return {"id": f"/app-{number}", "labels": labels, "portDefinitions": [{"port": 0}], "instances": 2}
    tasks = [task(f"10.0.{number}.{each}") for each in range(random.randint(0, 3))]
    return {
        "id": f"/app-{number}",
        "labels": labels,
        "ports": [20000 + number],
        "tasks": tasks,
        "healthChecks": [CHECK],
    }


def shuffled(value: Any, random: Random) -> Any:
    """The same value with the members of objects, and the items of lists of objects, in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], random) for key in random.sample(sorted(value), len(value))}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [shuffled(each, random) for each in random.sample(value, len(value))]
    return value


OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "map": {"haproxy_map": True},
    "grouped": {"group_https_by_vhost": True},
}


@pytest.mark.parametrize("dialect", ["portable", "marathon-lb"])
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_input_does_not_matter(seed: int, options: dict[str, Any], dialect: str) -> None:
    apps, random = fleet(seed), Random(seed + 1000)
    first = generate(*apps, dialect=dialect, **options).rendered
    second = generate(*shuffled(apps, random), dialect=dialect, **options).rendered
    assert first is not None
    assert second is not None
    assert first.text == second.text
    assert first.maps == second.maps


def test_neither_does_the_order_of_files(tmp_path: Path) -> None:
    paths = [put(tmp_path / f"{number}.json", each) for number, each in enumerate(fleet(7))]
    made = outcome(*paths)
    assert made.text == outcome(*reversed(paths)).text == outcome(str(tmp_path)).text
    assert sorted(made.said) == sorted(outcome(*reversed(paths)).said)


def test_findings_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    bad = [put(tmp_path / f"{name}.json", {"id": f"/{name}", "labels": None}) for name in "abc"]
    said = [line.partition(":")[0] for line in outcome(*bad, put(tmp_path / "d.json", fleet(1))).said]
    assert said[:3] == ["a.json", "b.json", "c.json"]
