"""What the check supplies is enough, and what it reports is what is wrong, in a container and by a binary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from lbgen.check import Verdict, check, findings
from lbgen.check.container import LABEL, container_place
from lbgen.check.throwaway import Authority, self_signed
from lbgen.errors import ToolError
from lbgen.finding import Severity
from lbgen.haproxy.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docker import DockerClient

DEFAULTS = """\
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
"""
NEEDS_EVERYTHING = f"""\
global
  chroot /var/empty/gone
  user somebody
  group something
  stats socket /gone/socket user other group others mode 600
  ssl-dh-param-file /gone/dh.pem
  server-state-base /gone/state
  server-state-file global
  crt-base /gone/crt
  ca-base /gone/ca
{DEFAULTS}\
  load-server-state-from-file global
  errorfile 503 /gone/503.http
resolvers names
  parse-resolv-conf
frontend web
  bind ":${{PORT0}}"
  bind *:443 ssl crt site.pem crt /gone/site.pem crt /gone/dir/ ca-file ca.pem verify optional crl-file crl.pem
  bind *:444 ssl crt-list /gone/list.txt tls-ticket-keys /gone/keys
  bind *:445 ssl crt "${{MESOS_SANDBOX}}/with blank.pem"
  acl listed path -i -f /gone/paths.lst
  acl mapped src,map_ip(/gone/addresses.map) -m found
  http-request return status 200 content-type text/plain file /gone/page.txt if mapped
  use_backend %[req.hdr(host),lower,map(/gone/hosts.map,sites)] if listed
backend sites
  server one gone.invalid:80 ssl verify required ca-file /gone/ca.crt crt client.pem
  server two "${{HOST}}:${{PORT1}}"
  server three backend.invalid:80 resolvers names
"""


@pytest.fixture(params=["container", "binary"])
def ask(request: pytest.FixtureRequest) -> Any:
    """A check in a container of each version, and by the binary of this machine."""
    if request.param == "binary":
        binary = request.getfixturevalue("haproxy_binary")
        return lambda text, **options: check(text, how="binary", haproxy_bin=binary, **options)
    image = request.getfixturevalue("haproxy_images")["2.6"]
    return lambda text, **options: check(text, how="container", image=image, **options)


def complaints(verdict: Verdict) -> list[tuple[int | None, str]]:
    """The lines and texts that the check did not cause itself."""
    return [(located.line, located.message.text) for located in verdict.messages if not located.own]


def test_all_that_is_missing_is_supplied_in_every_version(haproxy_image: str) -> None:
    verdict = check(NEEDS_EVERYTHING, how="container", image=haproxy_image)
    assert complaints(verdict) == []
    assert verdict.accepted
    assert verdict.tool == f"image {haproxy_image}"
    assert len(verdict.supplied) == 27


def test_all_that_is_missing_is_supplied_to_a_binary(haproxy_binary: str) -> None:
    verdict = check(NEEDS_EVERYTHING, haproxy_bin=haproxy_binary)
    assert complaints(verdict) == []
    assert verdict.accepted
    assert verdict.tool.endswith(f"at {haproxy_binary}")
    # What a machine has is not supplied: it may well have name servers.
    assert 26 <= len(verdict.supplied) <= 27


LUA = f"""\
global
  lua-load /gone/one.lua
  lua-load /gone/two.lua argument
{DEFAULTS}\
frontend web
  bind :1
  http-request use-service lua.service if {{ path /s }}
  http-request lua.action one two if {{ path /a }}
  http-request set-header X %[lua.fetch]
  http-request set-header X %[lua.fetch.two(1)]
  http-request set-header X %[src,lua.converter]
  http-response lua.action
frontend raw
  mode tcp
  bind :2
  tcp-request inspect-delay 1s
  tcp-request content lua.tcpaction
  tcp-request content use-service lua.tcpservice
"""


def test_lua_that_is_missing_is_replaced_by_stubs(haproxy_version: str, haproxy_image: str) -> None:
    text = LUA.replace("  http-response lua.action\n", "  http-response lua.action three four\n")
    verdict = check(text, how="container", image=haproxy_image)
    told = [text for _, text in complaints(verdict)]
    assert verdict.accepted, told
    # HAProxy 3.1 and later want to be told how Lua is to convert.
    assert len(told) == (1 if haproxy_version == "3.2" else 0), told


def test_lua_of_this_machine_is_used(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "helper.lua").write_text("return {}\n")
    script = tmp_path / "real.lua"
    script.write_text(
        f'package.path = "{tmp_path}/?.lua"\nrequire("helper")\ncore.register_service("a", "http", print)\n'
    )
    text = f"global\n  lua-load {script}\n{DEFAULTS}frontend f\n  bind :1\n  http-request use-service lua."
    assert ask(f"{text}a\n").accepted
    assert not ask(f"{text}b\n").accepted


def test_certificates_of_this_machine_are_used(ask: Any, tmp_path: Path) -> None:
    authority = Authority.new()
    (tmp_path / "site.pem").write_bytes(authority.issue(["a.example.org"]))
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    bind = f"bind :1 ssl crt {tmp_path}/site.pem ca-file {tmp_path}/ca.pem verify required"
    verdict = ask(f"{DEFAULTS}frontend f\n  {bind}\n")
    assert (verdict.accepted, complaints(verdict), verdict.supplied) == (True, [], ())


def test_a_directory_of_certificates_of_this_machine_is_used(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_bytes(self_signed(["a.example.org"]))
    verdict = ask(f"{DEFAULTS}frontend f\n  bind :1 ssl crt {tmp_path}\n")
    assert (verdict.accepted, complaints(verdict), verdict.supplied) == (True, [], ())


def test_a_broken_certificate_of_this_machine_is_reported(ask: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("this is none\n")
    verdict = ask(f"{DEFAULTS}frontend f\n  bind :1 ssl crt {broken}\n")
    assert (verdict.accepted, verdict.supplied) == (False, ())
    ((line, text),) = complaints(verdict)
    assert line == 7
    assert f"'{broken}'" in text


def test_relative_files_are_found_where_the_check_runs(
    ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.pem").write_text("this is none\n")
    verdict = ask(f"{DEFAULTS}frontend f\n  bind :1 ssl crt gone.pem crt broken.pem\n")
    assert verdict.supplied == ("a throw-away certificate for gone.pem",)
    assert [line for line, text in complaints(verdict) if "broken.pem" in text] == [7]


def test_files_of_the_configuration_are_read(ask: Any) -> None:
    text = f"{DEFAULTS}frontend f\n  bind :1\n  use_backend f if {{ src -f /gone/addresses.lst }}\nbackend f\n"
    assert ask(text, extra_files={"/gone/addresses.lst": "192.0.2.1\n"}).accepted
    refused = ask(text, extra_files={"/gone/addresses.lst": "no address\n"})
    assert not refused.accepted
    ((line, said),) = [complaint for complaint in complaints(refused) if "same name" not in complaint[1]]
    assert line == 8
    assert "/gone/addresses.lst" in said


BROKEN = f"""\
{DEFAULTS}\
frontend web
  bind :1
  use_backend gone if {{ path / }}
  default_backend web_10001
backend web_10001
  timeout client 5s
  cookie c insert
  server one gone.invalid:80 cookie one
"""


def test_messages_are_about_lines_and_become_findings(ask: Any) -> None:
    verdict = ask(BROKEN, name="my.cfg")
    told = findings(verdict, parse(BROKEN, "my.cfg"))
    assert not verdict.accepted
    assert [(f.rule, f.severity, f.config and (f.config.document, f.config.line, f.config.section)) for f in told] == [
        ("directive-wrong-section", Severity.WARNING, ("my.cfg", 11, "backend web_10001")),
        ("haproxy-refuses", Severity.ERROR, ("my.cfg", 8, "frontend web")),
    ]


def test_nothing_stands_behind_a_rule_at_which_haproxy_gives_up(ask: Any) -> None:
    rules = [
        "http-request nothing",
        "http-response set-header X %[nothing]",
        "nothing",
        "http-request deny if nothing",
        "use_backend nothing",
    ]
    text = f"{DEFAULTS}frontend f\n  bind :1\n" + "".join(f"  {rule}\n  log-tag fine\n" for rule in rules)
    lines = [line for line, _ in complaints(ask(text.replace("  log-tag fine\n", "\n")))]
    assert lines == [8, 10, 12, 14]


def test_names_that_do_not_resolve_are_information(haproxy_image: str) -> None:
    text = BROKEN.replace("  use_backend gone if { path / }\n", "").replace("  timeout client 5s\n  ", "  ")
    verdict = check(text, how="container", image=haproxy_image)
    assert verdict.accepted
    ((rule, severity, line),) = {
        (f.rule, f.severity, f.config and f.config.line) for f in findings(verdict, parse(text))
    }
    assert (rule, severity, line) == ("haproxy-notes", Severity.INFO, 11)


def test_diagnostics_are_for_the_asking(haproxy_images: dict[str, str]) -> None:
    text = f"{DEFAULTS}listen l\n  bind :1\n  cookie c insert\n" + "".join(
        f"  server {name} 192.0.2.1:80 cookie same\n" for name in ("one", "two")
    )
    told = [
        findings(check(text, how="container", image=haproxy_images["3.2"], diagnostics=on), parse(text))
        for on in (False, True)
    ]
    assert [[(finding.rule, finding.config and finding.config.line) for finding in some] for some in told] == [
        [],
        [("haproxy-diagnoses", 10)],
    ]


def test_nothing_to_listen_on(ask: Any) -> None:
    verdict = ask(DEFAULTS)
    assert (verdict.accepted, verdict.status) == (True, 2)
    assert complaints(verdict)[-1][1].startswith("the configuration has no error, but it listens nowhere")


def test_a_crash_is_a_refusal(haproxy_images: dict[str, str]) -> None:
    text = "userlist u\n  user one password x groups g\nuserlist u\nfrontend f\n  bind :1\n"
    verdict = check(text, how="container", image=haproxy_images["3.2"])
    assert not verdict.accepted
    assert (2, "userlist 'u': no such group 'g' specified in user 'one'") in complaints(verdict)


def test_an_empty_configuration(ask: Any) -> None:
    assert ask("").status == 2


@pytest.fixture
def client(haproxy_images: dict[str, str]) -> Iterator[DockerClient]:
    import docker

    assert haproxy_images  # there is an engine
    client = docker.from_env()
    yield client
    client.close()


def leftovers(client: DockerClient, image: str) -> list[str]:
    """The ids of lbgen's containers of the image by this name; other tests check beside this one."""
    listed = client.api.containers(all=True, filters={"label": LABEL})
    return [each["Id"] for each in listed if each["Image"] == image]


@pytest.fixture
def own_image(client: DockerClient, haproxy_images: dict[str, str]) -> Iterator[str]:
    """A name of the HAProxy image that no other test uses."""
    name = f"lbgen-test/own:{uuid4().hex}"
    client.images.get(haproxy_images["3.2"]).tag(name)
    yield name
    client.images.remove(name)


def interrupted(image: str, interruption: type[BaseException], seen: list[int], client: DockerClient) -> None:
    with container_place(image, {}, diagnostics=False):
        seen.append(len(leftovers(client, image)))
        raise interruption


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_containers_are_removed_whatever_happens(
    interruption: type[BaseException], client: DockerClient, own_image: str
) -> None:
    during = list[int]()
    with pytest.raises(interruption):
        interrupted(own_image, interruption, during, client)
    assert during == [1]
    assert leftovers(client, own_image) == []


def test_an_image_that_is_not_to_be_had(client: DockerClient) -> None:
    assert client.ping()
    with pytest.raises(
        ToolError, match=r"the image localhost:1/lbgen/none:0 is not on this machine and cannot be pulled"
    ):
        check(DEFAULTS, how="container", image="localhost:1/lbgen/none:0")


@pytest.fixture
def image_without_haproxy(client: DockerClient) -> Iterator[str]:
    """An image of nothing but an empty file."""
    import io
    import tarfile

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("nothing"))
    client.api.import_image_from_data(buffer.getvalue(), repository="lbgen-test/nothing", tag="1")
    yield "lbgen-test/nothing:1"
    client.images.remove("lbgen-test/nothing:1", force=True)


def test_an_image_without_haproxy(image_without_haproxy: str, client: DockerClient) -> None:
    with pytest.raises(ToolError, match="HAProxy cannot be started in the image lbgen-test/nothing:1") as caught:
        check(DEFAULTS, how="container", image=image_without_haproxy)
    assert "--image" in caught.value.help
    assert leftovers(client, image_without_haproxy) == []
