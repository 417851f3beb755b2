"""Settings: where they are looked for, what they may say, and what is said of mistakes in them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from lbgen.config import LintSettings, Settings, find, read
from lbgen.config.keys import KEYS, LINT_KEYS
from lbgen.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

ALL = """
groups = ["external", "internal"]
dialect = "marathon-lb"
target = "2.6"
service-ports = "20000-20100"
lb-ports = [80, 443]
lb-addresses = ["10.0.0.1"]
shared-nodes = ["external,internal"]
public-agents = 4
ssl-certs = ["/a.pem"]
haproxy-map = true
haproxy-config = "/srv/haproxy.cfg"
group-https-by-vhost = true
dont-bind-http-https = true
strict-mode = true
health-check = true
unsafe-templates = true
min-serv-port-ip-per-task = 0
max-serv-port-ip-per-task = 0
templates = "templates"
lua-dir = "/lua"
stats-socket = "/run/haproxy.sock"
ports-db = "postgresql://db/ports"

[lint]
select = ["ALL"]
ignore = ["LBG5"]
extend-select = ["LBG507"]
pedantic = true
fail-on = "never"
exclude = ["old/**"]
baseline = "baseline.json"

[lint.per-path-ignores]
"legacy/**" = ["LBG4"]

[lint.per-app-ignores]
"/legacy/**" = ["vhost-wildcard"]

[lint.severity]
label-unknown = "error"
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_every_key_has_a_field_of_its_name() -> None:
    assert {key.name.replace("-", "_") for key in KEYS} == {each.name for each in fields(Settings)} - {
        "path",
        "places",
        "lint",
    }
    assert {key.name.replace("-", "_") for key in LINT_KEYS} == {each.name for each in fields(LintSettings)}


def test_everything_can_be_said(tmp_path: Path) -> None:
    settings = read(str(write(tmp_path / "lbgen.toml", ALL)))
    assert settings.groups == ("external", "internal")
    assert settings.service_ports == range(20000, 20101)
    assert settings.lb_ports == (80, 443)
    assert settings.lint.per_path_ignores == {"legacy/**": ("LBG4",)}
    assert settings.lint.severity == {"label-unknown": "error"}
    unsaid = [each.name for each in fields(Settings) if getattr(settings, each.name) is None]
    assert unsaid == []
    assert [each.name for each in fields(LintSettings) if getattr(settings.lint, each.name) is None] == []


def test_a_pyproject_has_them_below_tool_lbgen(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.lbgen]\ntarget = "3.0"\n\n[tool.lbgen.lint]\nignore = ["LBG5"]\n'
    settings = read(str(write(tmp_path / "pyproject.toml", text)))
    assert settings.target == "3.0"
    assert settings.lint.ignore == ("LBG5",)


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    write(tmp_path / "lbgen.toml", 'target = "2.6"')
    write(tmp_path / "near" / "pyproject.toml", '[tool.lbgen]\ntarget = "3.0"')
    (tmp_path / "near" / "below").mkdir()
    assert find(tmp_path / "near" / "below").target == "3.0"
    assert find(tmp_path).target == "2.6"


@pytest.mark.parametrize(
    "text",
    [
        '[tool]\nlbgen = {target = "3.0"}',
        '[tool]\nlbgen.target = "3.0"',
        '[ tool . "lbgen" ]\ntarget = "3.0"',
        "['tool'.'lbgen']\ntarget = '3.0'",
        'tool.lbgen.target = "3.0"',
        'tool = {lbgen = {target = "3.0"}}',
    ],
)
def test_a_pyproject_counts_however_it_spells_the_table(tmp_path: Path, text: str) -> None:
    write(tmp_path / "pyproject.toml", text)
    assert find(tmp_path).target == "3.0"


@pytest.mark.parametrize("text", ['[project]\nname = "x"', '[project]\ndependencies = ["lbgen"]\n[tool.tox]\na = 1'])
def test_a_pyproject_without_a_table_of_lbgen_is_passed_by(tmp_path: Path, text: str) -> None:
    write(tmp_path / "lbgen.toml", 'target = "2.6"')
    write(tmp_path / "near" / "pyproject.toml", text)
    assert find(tmp_path / "near").target == "2.6"


def test_a_file_of_its_own_counts_before_a_shared_one(tmp_path: Path) -> None:
    write(tmp_path / "lbgen.toml", 'target = "2.6"')
    write(tmp_path / "pyproject.toml", '[tool.lbgen]\ntarget = "3.0"')
    assert find(tmp_path).target == "2.6"


@pytest.mark.parametrize(
    ("text", "place", "said", "help_"),
    [
        ('target = "3.0"\nlb-port = [80]', (2, 1), "there is no setting 'lb-port'", "did you mean lb-ports?"),
        ("haproxy_map = true", (1, 1), "there is no setting 'haproxy_map'", "did you mean haproxy-map?"),
        ('[lint]\n  selct = ["LBG5"]', (2, 3), "there is no setting 'selct'", "did you mean select?"),
        ('lint.selct = ["LBG5"]', (1, 1), "there is no setting 'selct'", "did you mean select?"),
        ('select = ["LBG5"]', (1, 1), "there is no setting 'select'", "select belongs into [lint]"),
        ("[lint]\nlb_ports = [80]", (2, 1), "there is no setting 'lb_ports'", "lb-ports belongs in front of [lint]"),
        ("[lnt]", (1, 1), "there is no setting 'lnt'", "did you mean lint?"),
        ("haproxy-map = 1", (1, 1), "haproxy-map should be true or false", ""),
        ("target = 3.2", (1, 1), 'target should be a version of HAProxy as text, from "2.2" to "3.4"', ""),
        ('target = "4.0"', (1, 1), 'target should be a version of HAProxy as text, from "2.2" to "3.4"', ""),
        ('groups = "external"', (1, 1), 'groups should be a list of texts, such as ["external"]', ""),
        ("lb-ports = [80, 70000]", (1, 1), "lb-ports should be a list of ports, such as [80, 443]", ""),
        ("lb-ports = [true]", (1, 1), "lb-ports should be a list of ports, such as [80, 443]", ""),
        ('service-ports = "9-1"', (1, 1), 'service-ports should be a range of ports, such as "10000-10150"', ""),
        ('dialect = "edge-lb"', (1, 1), "dialect should be one of portable, marathon-lb", ""),
        ("lint = 1", (1, 1), "lint should be a table", ""),
        (
            "[lint]\nper-path-ignores = 1",
            (2, 1),
            'per-path-ignores should be a table, such as {"legacy/**" = ["LBG5"]}',
            "",
        ),
        (
            '[lint.severity]\nlabel-unknown = "bad"',
            (1, 1),
            'severity should be a table of error, warning, info, such as {label-unknown = "error"}',
            "",
        ),
        ("target = \n", (1, 10), "this is not TOML: Invalid value", ""),
    ],
)
def test_a_mistake_is_an_error_with_its_place(
    tmp_path: Path, text: str, place: tuple[int, int], said: str, help_: str
) -> None:
    path = str(write(tmp_path / "lbgen.toml", text))
    with pytest.raises(InputError) as raised:
        read(path)
    assert (str(raised.value), raised.value.help) == (said, help_)
    assert raised.value.origin is not None
    assert raised.value.origin.document == path
    assert raised.value.origin.position == place


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read(str(tmp_path / "lbgen.toml"))
