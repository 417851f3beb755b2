"""In the portable dialect every legal combination is accepted by every HAProxy, without a word of warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.edgelb.combinations import pools
from integration.templates.container import container
from lbgen.edgelb.autocert import automatic_certificate
from lbgen.edgelb.reading import Loaded, load_pools
from lbgen.pipeline.pools import PoolOptions, from_pool

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = PoolOptions(certificates="/conf/certs")
# Prints what HAProxy says of each file that it refuses, or has something to say about.
SCRIPT = r"""
for file in /conf/*.cfg; do
  said=$(haproxy -c -V -dD -f "$file" 2>&1); status=$?
  if [ $status != 0 ] || echo "$said" | grep -q '^\[\(ALERT\|WARNING\|DIAG\)\]'; then echo "$file: $said"; fi
done
"""


@pytest.fixture(scope="module")
def configurations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the configuration of every pool, and their certificates."""
    directory = tmp_path_factory.mktemp("pools")
    pem = automatic_certificate("p", "ec")
    for name in ("autocert.pem", "secrets/shop", "envfile/ELB_FILE_X"):
        path = directory / "certs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pem)
    for value in pools():
        loaded = Loaded()
        load_pools(value["name"], value, loaded)
        (pool,) = loaded.pools
        rendered = from_pool(pool, None, OPTIONS).rendered
        assert rendered is not None
        directory.joinpath(f"{pool.name}.cfg").write_text(rendered.text)
    return directory


def test_there_are_many_combinations(configurations: Path) -> None:
    assert len(list(configurations.glob("*.cfg"))) > 200


def test_all_are_accepted_without_a_warning(haproxy_image: str, configurations: Path) -> None:
    with container(haproxy_image, ["sleep", "600"], {configurations: "/conf"}) as ran:
        assert ran.execute(SCRIPT) == ""
