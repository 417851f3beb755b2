"""How a configuration is changed for a process that has neither a network nor a root directory of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from lbgen.errors import ToolError
from lbgen.testing.binary import BinarySite
from lbgen.testing.engine import CONFIG_PATH, Program

if TYPE_CHECKING:
    from collections.abc import Iterator

STUB = Program("frontend f\n  bind :6443\n", hosts=("api", "api.example.org"))


@pytest.fixture
def site() -> Iterator[BinarySite]:
    place = BinarySite("true")  # what is started ends at once: only the text matters
    yield place
    place.close()


def written(site: BinarySite, text: str, **files: bytes) -> str:
    instance = site.start(Program(text, {f"/{name}.pem": content for name, content in files.items()}))
    text = instance._inside(CONFIG_PATH).read_text()
    root = str(instance._root)
    return text.replace(root, "ROOT").replace(f":{instance.address(80).port}", ":FREE")


def test_ports_are_free_ones_of_this_machine(site: BinarySite) -> None:
    assert written(site, "frontend f\n  bind *:80 name a\n") == "frontend f\n  bind 127.0.0.1:FREE name a\n"


def test_names_of_stubs_become_addresses(site: BinarySite) -> None:
    port = site.start(STUB).address(6443).port
    text = "backend b\n  server s api.example.org:6443 check\n  server t api:6443\n  server u my.api:6443\n"
    expected = f"backend b\n  server s 127.0.0.1:{port} check\n  server t 127.0.0.1:{port}\n  server u my.api:6443\n"
    assert written(site, text) == expected


def test_its_own_ports_are_found_under_their_new_numbers(site: BinarySite) -> None:
    text = "frontend f\n  bind :80\nbackend b\n  server s localhost:80\n  server t 127.0.0.1:8080\n"
    assert written(site, text).endswith("  server s 127.0.0.1:FREE\n  server t 127.0.0.1:8080\n")


def test_paths_of_files_lead_into_the_directory(site: BinarySite) -> None:
    text = "frontend f\n  bind :80 ssl crt /a.pem crt /b/a.pem crt /a.pem.old\n"
    assert "crt ROOT/a.pem crt /b/a.pem crt /a.pem.old" in written(site, text, a=b"")


def test_a_program_that_is_not_there_is_named() -> None:
    place = BinarySite("/nowhere/haproxy")
    with pytest.raises(ToolError, match=r"cannot run /nowhere/haproxy: No such file"):
        place.start(STUB)
    place.close()


def test_nothing_is_left_behind(site: BinarySite) -> None:
    place = BinarySite(sys.executable)
    instance = place.start(STUB)
    place.close()
    assert not instance.is_alive()
    assert not instance._root.exists()
