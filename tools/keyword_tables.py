"""Asks HAProxy itself which keywords it knows where, and writes lbgen/haproxy/keywords.json.

Candidates are all words that `haproxy -dKall` lists (2.6 and later), the words that start a paragraph of the manual
(where an image has /usr/share/doc/haproxy/configuration.txt.gz), and those that are known to be gone. Each of them is
put into each kind of section, and what `haproxy -c` says of the line tells how it is meant:

    k known   d known, and deprecated   i ignored, with a warning   n refused there   r refused since it was removed
    - unknown

    PYTHONPATH=. python tools/keyword_tables.py 2.2=IMAGE 2.6=IMAGE ...
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lbgen.haproxy.messages import Message, parse_messages
from lbgen.haproxy.parse import SECTION_KEYWORDS
from lbgen.haproxy.removed import REMOVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OUT = Path(__file__).parent.parent / "lbgen" / "haproxy" / "keywords.json"
PROXIES = {
    "defaults": "defaults",
    "named defaults": "defaults zz",
    "frontend": "frontend zz",
    "listen": "listen zz",
    "backend": "backend zz",
}
WITHOUT_NAME = ("global", "traces")
# What HAProxy asks for before it looks at a section.
BEFORE = {
    "acme": ("global", "expose-experimental-directives"),
    "program": ("global", "expose-deprecated-directives", "master-worker"),
}
# What has words of its own behind the first one.
FAMILIES = (
    *("option", "timeout", "stats", "http-check", "tcp-check", "http-request", "http-response", "http-after-response"),
    *("tcp-request", "tcp-request connection", "tcp-request session", "tcp-request content", "tcp-response"),
    "tcp-response content",
)
# With these HAProxy reads on, up to whether the keyword belongs there.
ARGUMENTS = {
    **dict.fromkeys(("log-format", "log-format-sd", "error-log-format", "unique-id-format", "unique-id-header"), "x"),
    **dict.fromkeys(("maxconn", "fullconn", "retries", "max-keep-alive-queue"), "3"),
    **dict.fromkeys(("clitcpka-cnt", "srvtcpka-cnt", "max-session-srv-conns", "backlog", "tune.chksize"), "3"),
    **dict.fromkeys(("clitcpka-idle", "clitcpka-intvl", "srvtcpka-idle", "srvtcpka-intvl", "grace"), "3s"),
    **dict.fromkeys(("stats admin", "monitor fail", "use_backend x"), "if TRUE"),
    "acl": "x always_true",
    "default_backend": "x",
    "stats http-request": "deny",
    "bind-process": "1",
    "nbproc": "1",
    "rate-limit": "sessions 3",
    "monitor-net": "192.0.2.1",
    "tcp-request inspect-delay": "3s",
    "tcp-response inspect-delay": "3s",
    "capture": "request header x len 3",
    "declare": "capture request len 3",
    "compression": "algo gzip",
    "email-alert": "level info",
    "persist": "rdp-cookie",
    "balance": "roundrobin",
    "retry-on": "none",
    "http-reuse": "safe",
    "dynamic-cookie-key": "x",
    "external-check": "path /bin",
    "errorloc": "503 /x",
    "server-state-file-name": "x",
    "load-server-state-from-file": "none",
}
LINES = {"bind": "bind 127.0.0.1:1 {}", "server": "server s 127.0.0.1:1 {}"}
# No manual that was read has them any more.
FORGOTTEN = ("option http-use-htx",)
# HAProxy gives up after 50 errors.
CHUNK = 40
SENTINEL = "zz-last"
# They change what is said of the lines behind them.
ALONE = ("expose-deprecated-directives", "expose-experimental-directives", "zero-warning", "quiet", "daemon")
STATES = (
    ("r", r"not supported any ?more|no longer supported|has been removed|doesn't exist any ?more"),
    # 3.2 says both of options in the wrong section.
    ("n", r"ignored because[^\n]*\n.*unknown option"),
    ("-", r"unknown keyword|unknown option|unknown stat|\(got '[^']|but got '[^']|unknown parameter"),
    ("n", r"not allowed|only available in|not available in|only allowed in"),
    ("i", r"ignored because|directive is ignored in"),
    ("d", r"deprecated"),
)


class Question(NamedTuple):
    """A line to put into a section, and what the table calls the two; `header` is all that stands in front of it."""

    section: str
    header: tuple[str, ...]
    word: str
    line: str


def main(given: list[str]) -> None:
    """Asks the image of each version that is given and writes the table."""
    images = dict(each.split("=", 1) for each in given)
    words, options = set[str](), {"bind": dict[str, int](), "server": dict[str, int]()}
    for image in images.values():
        dump, manual = of_image(image)
        words |= candidates(dump, manual, options)
    questions = list(ask_about(words, options))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda image: answered(image, questions), images.values()))
    states = {asked: "".join(found[asked] for found in answers) for asked in questions}
    OUT.write_text(table(list(images), states, options))


def of_image(image: str) -> tuple[str, str]:
    """What `haproxy -dKall` prints, and the manual; either is empty where the image lacks it."""
    dump = run(image, "haproxy -dKall -q -c -f /dev/null")
    manual = subprocess.run(
        ["docker", "run", "--rm", image, "cat", "/usr/share/doc/haproxy/configuration.txt.gz"],
        capture_output=True,
        check=False,
    ).stdout
    return dump if "registered configuration" in dump else "", gzip.decompress(manual).decode() if manual else ""


def run(image: str, script: str, folder: str = "/var/empty") -> str:
    """What the script prints in a container that has the folder at /asked."""
    command = ["docker", "run", "--rm", "--network", "none", "-v", f"{folder}:/asked:ro", image, "sh", "-c", script]
    return subprocess.run(command, capture_output=True, check=False, text=True, errors="replace").stdout


def candidates(dump: str, manual: str, options: dict[str, dict[str, int]]) -> set[str]:
    """Words and pairs of words that may be keywords; those of bind and server go to `options`, with their arguments."""
    found = set(re.findall(r"^([a-z][\w.-]*)(?=$| [<\[{(]| .* (?:X|-) +(?:X|-)$)", manual, re.MULTILINE))
    found |= set(re.findall(r"^ +- ([a-z][\w.-]+)$", manual, re.MULTILINE))
    for family in FAMILIES:
        words = re.findall(rf"^(?:no )?({family} [a-z][\w.-]*(?:\*|\()?)", manual, re.MULTILINE)
        found |= {word.replace("(", "*") for word in words}
    for line in registered(dump):
        if option := re.match(r"(bind|server) <.*> (?:ssl )?([\w.-]+)(?: \+-?(\d))?", line):
            options[option[1]][option[2]] = int(option[3] or 0)
        else:
            found.add(re.split(r" [\[+]", line)[0])
    for known in options.values():
        for word in re.findall(r"^([a-z][\w-]*)(?=$| [<\[{(])", manual, re.MULTILINE):
            known.setdefault(word, -1)
    return found | {word for word in REMOVED if not word.endswith(" with headers")} | set(FORGOTTEN)


def registered(dump: str) -> Iterator[str]:
    """The lines of the list of configuration keywords."""
    listed = re.search(r"registered configuration keywords:\n(.*?)^# List", dump, re.DOTALL | re.MULTILINE)
    for line in listed[1].splitlines() if listed else ():
        if line.startswith("\t"):
            yield line.strip()


def ask_about(words: Iterable[str], options: dict[str, dict[str, int]]) -> Iterator[Question]:
    """Everything that is asked: each word in each section, pairs of words where they may be."""
    pairs = {word for word in words if " " in word} | {f"{family} zz" for family in FAMILIES}
    single = sorted({word.split(" ")[0] for word in words} - {*SECTION_KEYWORDS, *PROXIES, "no", "default"})
    for section, header in PROXIES.items():
        for word in [*single, *sorted(pairs)]:
            yield Question(section, (header,), word, filled(word))
    for section in sorted(SECTION_KEYWORDS - {*PROXIES, "namespace_list"}):
        header = section if section in WITHOUT_NAME else f"{section} zz"
        more = [pair for pair in pairs if pair.startswith("stats ")] if section == "global" else []
        for word in [*single, *sorted(more)]:
            yield Question(section, (*BEFORE.get(section, ()), header), word, filled(word))
    for kind, line in LINES.items():
        for word in sorted(options[kind]):
            yield Question(kind, ("listen zz",), word, line.format(word))


def filled(word: str) -> str:
    """A line with this keyword, and what has to stand with it."""
    argument = "3s" if word.startswith("timeout ") else ARGUMENTS.get(word, "")
    return f"{word.replace('track-sc*', 'track-sc0').replace('*', '(0)')} {argument}".rstrip()


def answered(image: str, questions: list[Question]) -> dict[Question, str]:
    """The state of each question in one version.

    A file that HAProxy does not read up to its end is asked again, without the line where it stopped.
    """
    found: dict[Question, str] = {}
    left = [chunk for group in grouped(questions) for chunk in cut(group)]
    while left:
        again: list[list[Question]] = []
        for chunk, messages in zip(left, asked(image, left), strict=True):
            header = chunk[0].header
            lines = {message.line - len(header) - 1 for message in messages if message.line}
            if any(each.line == len(header) and "unknown keyword" in each.text for each in messages):
                found |= dict.fromkeys(chunk, "-")
            elif len(chunk) in lines or len(chunk) == 1:
                for index, question in enumerate(chunk):
                    found[question] = state([each for each in messages if each.line == index + len(header) + 1])
            else:
                last = max(lines & set(range(len(chunk))), default=0)
                again += [part for part in ([chunk[last]], chunk[:last], chunk[last + 1 :]) if part]
        left = again
    return found


def grouped(questions: list[Question]) -> Iterator[list[Question]]:
    """Questions that may share a file."""
    headers = dict.fromkeys((question.section, question.header) for question in questions)
    for section, header in headers:
        group = [each for each in questions if (each.section, each.header) == (section, header)]
        yield [each for each in group if each.word not in ALONE]
        for each in group:
            if each.word in ALONE:
                yield [each]


def cut(group: list[Question]) -> Iterator[list[Question]]:
    """As many questions as HAProxy answers at once."""
    for start in range(0, len(group), CHUNK):
        yield group[start : start + CHUNK]


def asked(image: str, chunks: list[list[Question]]) -> list[list[Message]]:
    """HAProxy's messages about a file of each chunk."""
    with tempfile.TemporaryDirectory() as folder:
        for number, chunk in enumerate(chunks):
            lines = [*chunk[0].header, *(each.line for each in chunk), SENTINEL]
            Path(folder, f"{number}.cfg").write_text("".join(f"{line}\n" for line in lines))
        script = f"cd /asked; for i in $(seq 0 {len(chunks) - 1}); do echo '##'; haproxy -c -f $i.cfg 2>&1; done"
        outputs = run(image, script, folder).split("##\n")[1:]
    return [parse_messages(output, f"{number}.cfg") for number, output in enumerate(outputs)]


def state(messages: list[Message]) -> str:
    """How the messages about a line say that it is meant."""
    text = "\n".join(message.text for message in messages)
    return next((letter for letter, pattern in STATES if re.search(pattern, text)), "k")


def table(versions: list[str], states: dict[Question, str], options: dict[str, dict[str, int]]) -> str:
    """The table as JSON: by section and state, the words; a line each, so that changes can be read."""
    unknown = "-" * len(versions)
    sections: dict[str, dict[str, list[str]]] = {}
    for question, letters in states.items():
        if letters != unknown and not question.word.endswith(" zz"):
            sections.setdefault(question.section, {}).setdefault(letters, []).append(question.word)
    lines = [f"  {json.dumps(name)}: {{\n{rows(of_section)}\n  }}" for name, of_section in sections.items()]
    arguments = {kind: {word: count for word, count in sorted(options[kind].items()) if count > 0} for kind in options}
    return (
        f'{{"versions": {json.dumps(versions)},\n"arguments": {json.dumps(arguments)},\n"sections": {{\n'
        + ",\n".join(lines)
        + "\n}}\n"
    )


def rows(of_section: dict[str, list[str]]) -> str:
    """The states of a section, with their words."""
    return ",\n".join(f"    {json.dumps(state)}: {json.dumps(words)}" for state, words in sorted(of_section.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
