"""Lines at random in sections at random: lint calls unknown, removed or misplaced what HAProxy does, and no more."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from lbgen.check.container import container_place
from lbgen.haproxy.keywords import tables
from lbgen.haproxy.messages import parse_messages
from lbgen.haproxy.parse import parse
from lbgen.haproxy.removed import REMOVED
from lbgen.lint.context import Context
from lbgen.lint.registry import BY_NAME
from lbgen.lint.subjects import Configuration

if TYPE_CHECKING:
    from lbgen.haproxy.messages import Message
    from lbgen.lint.rule import Problem

RULES = [BY_NAME[name] for name in ("directive-unknown", "directive-removed", "directive-wrong-section")]
BASE = """\
global
  log stdout format raw local0
defaults
  mode http
  timeout connect 5s
  timeout client 1m
  timeout server 1m
defaults named
  mode http
resolvers dns
  nameserver one 192.0.2.53:53
  timeout retry 1s
userlist people
  user eve insecure-password x
cache pages
  total-max-size 4
frontend web
  bind :8080
  acl api path_beg /api
  use_backend app if api
backend app
  balance roundrobin
  server a 192.0.2.1:80 check
listen both
  bind :8081
  server a 192.0.2.1:80
"""
FILES = 12
LINES = 12
# HAProxy reads up to this line if nothing makes it stop before.
LAST = "  zz-last"
# They change what is said of other lines, or what they do depends on the machine.
LEFT_OUT = re.compile(
    r"(?:expose-|zero-warning|quiet|daemon|master-worker|quic|tune\.quic|ssl-engine|51deg|chroot|uid|gid|user|group|"
    r"setcap|presetenv|setenv|resetenv|unsetenv|localpeer|default-path|force-cfg|ring|trace|no$)"
)
ABOUT_KEYWORDS = re.compile(
    r"unknown keyword '[^' ]+' in|unknown option '|but got '\w[^']*'\.?$|unknown stats parameter '\w"
    r"|not supported any ?more|doesn't exist any ?more|not allowed (?:in|because)|ignored because|ignored in backends"
)


def mutated(seed: int) -> str:
    """The base with lines put in at random; some with a keyword that is spelled wrong."""
    rng = random.Random(seed)
    known = tables()
    places = [place for place in known.sections if place not in {"bind", "server"}]
    lines = BASE.splitlines()
    for _ in range(LINES):
        word = rng.choice(list(known.sections[rng.choice(places)]))
        if rng.random() < 0.2:
            word = rng.choice(list(REMOVED))
        if LEFT_OUT.match(word):
            continue
        if rng.random() < 0.3:
            word = misspelled(word, rng)
        lines.insert(rng.randint(2, len(lines)), f"  {word.replace('*', '(0)')}{rng.choice(['', ' 1', ' a b'])}")
    return "\n".join([*lines, LAST, ""])


def misspelled(word: str, rng: random.Random) -> str:
    """The last part of the keyword with a letter doubled."""
    at = rng.randint(word.rfind(" ") + 1, len(word) - 1)
    return word[:at] + word[at] + word[at:] if word[at].isalpha() else word + "x"


def said(image: str, text: str) -> dict[int, list[Message]]:
    """What HAProxy says, by line."""
    with container_place(image, {}, diagnostics=False) as place:
        messages = parse_messages(place.run(text, {}, []).output, place.config_path)
    by_line: dict[int, list[Message]] = {}
    for message in messages:
        if message.line is not None:
            by_line.setdefault(message.line, []).append(message)
    return by_line


def found(text: str, version: str) -> dict[int, Problem]:
    """What lint says, by line."""
    configuration = Configuration(parse(text), Context(target=version))
    problems = [problem for rule in RULES for problem in rule.check(configuration)]
    return {problem.origin.position.line: problem for problem in problems if problem.origin and problem.origin.position}


@pytest.mark.parametrize("seed", range(FILES))
def test_what_lint_says_haproxy_says_and_the_other_way_round(
    seed: int, haproxy_image: str, haproxy_version: str
) -> None:
    text = mutated(seed)
    lines = text.splitlines()
    theirs, ours = said(haproxy_image, text), found(text, haproxy_version)
    end = len(lines) if len(lines) in theirs else max(theirs, default=0) - 1
    # A version that looks for some mistakes before all others tells of nothing else then.
    if end < len(lines) and len(theirs) < 3:
        end = 0
    for number in range(1, end + 1):
        about = (haproxy_version, lines[number - 1], ours.get(number), theirs.get(number))
        if number in ours:
            assert number in theirs, about
        if any(ABOUT_KEYWORDS.search(message.text) for message in theirs.get(number, [])):
            assert number in ours, about
