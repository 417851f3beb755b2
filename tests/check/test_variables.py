"""Values for environment variables that are not set."""

import pytest

from lbgen.check.variables import expanded, unset_variables, variable_names
from lbgen.haproxy.parse import parse
from lbgen.haproxy.words import lex


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ('bind ":${PORT0}"', {"PORT0": "20000"}),
        ('bind "*:${WEB}"', {"WEB": "20000"}),
        ('bind "${ADDRESS}"', {"ADDRESS": "127.0.0.1"}),
        ('bind "${LISTEN}"', {"LISTEN": "127.0.0.1:20000"}),
        ('server s "${HOST}:${PORT}"', {"HOST": "127.0.0.1", "PORT": "20001"}),
        ('server s "$HOST":80', {"HOST": "127.0.0.1"}),
        ('bind :1 ssl crt "${MESOS_SANDBOX}/x.pem"', {"MESOS_SANDBOX": "/variables/MESOS_SANDBOX"}),
        ('maxconn "${MAX}"', {"MAX": "1"}),
        ('maxconn "${MAX-5}"', {}),
        ("maxconn ${MAX}", {}),
        ("maxconn '${MAX}'", {}),
        ('log-format "${HAPROXY_HTTP_LOG_FMT} ${.LINE}"', {}),
        ('http-request set-header X "${SET}"', {}),
        ('# bind ":${PORT0}"', {}),
    ],
)
def test_a_value_fits_its_place(line: str, values: dict[str, str]) -> None:
    assert unset_variables(parse(f"frontend f\n  {line}\n"), {"SET": "here"}) == values


def test_ports_differ() -> None:
    text = 'frontend f\n bind ":${A}"\n bind ":${B}"\n bind ":${A}"\n'
    assert unset_variables(parse(text), {}) == {"A": "20000", "B": "20001"}


@pytest.mark.parametrize("setter", ["setenv", "presetenv"])
def test_what_the_text_sets_is_set(setter: str) -> None:
    assert unset_variables(parse(f'global\n {setter} PORT 80\nfrontend f\n bind ":${{PORT}}"\n'), {}) == {}


def test_names_of_all_variables() -> None:
    assert variable_names(parse('global\n setenv A "$B"\n setenv C "${D-x}"\n')) == {"B", "D"}


def test_a_word_with_its_variables_replaced() -> None:
    line = 'x "${A}/${B-b}/$C/${A}"'
    assert expanded(lex(line)[1], line, {"A": "1", "C": "3"}) == "1/b/3/1"


def test_a_variable_in_the_address_of_a_bind_needs_no_quotes() -> None:
    text = "listen stats\n  bind 0.0.0.0:$PORT\n  bind '$NONE'\n  acl a path $NONE\n"
    assert unset_variables(parse(text), {}) == {"PORT": "20000"}
    assert variable_names(parse(text)) == {"PORT"}
