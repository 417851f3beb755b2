"""HAProxy cuts lines into words as lbgen.haproxy.words says: lines at random, the same on every version."""

from __future__ import annotations

import random
import re

from lbgen.check.container import container_place
from lbgen.haproxy.messages import parse_messages
from lbgen.haproxy.words import read_line

PIECES = [
    *"ab1-./:_{}[]",
    *[" ", "  ", "\t", "\v", "\f", "\r", "#", '"', "'", "\\"],
    *["\\x41", "\\x4", "\\xc3\\xa9", "\\t", "\\ ", "\\#", "\\\\", '\\"', "\\'", "\\q", "\\$"],
    *["$X", "${X}", '"$X"', '"${X', "$", '"$'],
]
# HAProxy stops after 50 errors, and 3.2 says nothing of keywords in a file with a line that it cannot read.
LINES = 45
VARIABLES = {"X": "xx"}
OURS = {
    "forbidden first char in environment variable name": "forbidden first character in the name of a variable",
    "unmatched brace in environment variable name": "unmatched brace in the name of a variable",
}
# HAProxy 2.2 knows neither defaults nor the splitting of variables.
NOT_IN_2_2 = re.compile(r"\{X[-\[]")


def lines_at_random(seed: int, *, readable: bool) -> list[str]:
    rng = random.Random(seed)
    lines: list[str] = []
    while len(lines) < LINES:
        line = "  zz" + "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 9)))
        if (read_line(line).error is None) == readable and not NOT_IN_2_2.search(line):
            lines.append(line)
    return lines


def said(image: str, lines: list[str]) -> dict[int, str]:
    """HAProxy's first complaint about each line, by number."""
    text = "global\n" + "".join(f"{line}\n" for line in lines)
    with container_place(image, VARIABLES, diagnostics=False) as place:
        output = place.run(text, {}, []).output
        messages = parse_messages(output, place.config_path)
    found: dict[int, str] = {}
    for message in messages:
        if message.line is not None:
            found.setdefault(message.line, message.raw)
    return found


def test_the_first_word_is_what_haproxy_says_it_is(haproxy_image: str) -> None:
    for seed in range(3):
        lines = lines_at_random(seed, readable=True)
        complaints = said(haproxy_image, lines)
        for number, line in enumerate(lines, 2):
            word = read_line(line).words[0]
            text = word.text
            for variable in word.variables:
                text = text.replace(line[variable.start : variable.end], VARIABLES.get(variable.name, ""), 1)
            keyword = re.search(r"unknown keyword '(.*)' in 'global' section", complaints[number], re.DOTALL)
            assert keyword is not None, (line, complaints[number])
            assert keyword[1] == text, line


def test_what_cannot_be_read_is_what_haproxy_cannot_read(haproxy_image: str) -> None:
    for seed in range(3):
        lines = lines_at_random(seed, readable=False)
        complaints = said(haproxy_image, lines)
        for number, line in enumerate(lines, 2):
            reason = re.search(r"\] ?: (.*) at position (\d+)", complaints[number])
            problem = read_line(line).error
            assert reason is not None, (line, complaints[number])
            assert problem is not None
            assert (OURS.get(reason[1], reason[1]), int(reason[2])) == (problem.reason, problem.column), line
