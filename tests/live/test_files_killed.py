"""Whoever is killed while it writes leaves either what was there or what was to be there, whole, at every moment."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# The system is asked for something with the directory so many times: a child is killed before each of these.
SCRIPT = """
import json, os, signal, sys
from pathlib import Path
from lbgen.live.files import Files

at = Path(sys.argv[1])
files = Files(at / "etc" / "haproxy.cfg", at / "etc", at / "versions", 2)
OLD, NEW = "old\\n" * 100_000, "new\\n" * 100_000
MAPS = "a old\\n", "a new\\n"

def killed_at(number):
    left = number
    def watch(event, arguments):
        nonlocal left
        if event != "import" and any(str(at) in str(each) for each in arguments):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    pid = os.fork()
    if pid == 0:
        sys.addaudithook(watch)
        files.write(NEW, {"domain2backend.map": MAPS[1]})
        files.keep_version(NEW)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

found = []
for number in range(1000):
    files.write(OLD, {"domain2backend.map": MAPS[0]})
    ended = killed_at(number)
    text, maps = files.text(), files.maps()["domain2backend.map"]
    versions = [path.read_text() for path in (at / "versions").glob("haproxy*")]
    found.append([("old", "new")[text == NEW], text in (OLD, NEW), ("old", "new")[maps == MAPS[1]], maps in MAPS,
                  all(each in (OLD, NEW) for each in versions)])
    files.clear()
    found[-1].append(sorted(path.name for path in (at / "etc").iterdir()))
    if ended == 0:
        break
print(json.dumps(found))
"""
FILES = ["domain2backend.map", "haproxy.cfg"]


def test_what_is_left_is_whole(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, timeout=300, check=True
    )
    found = json.loads(done.stdout)
    assert len(found) > 8
    for text, text_whole, maps, maps_whole, versions_whole, names in found:
        assert (text_whole, maps_whole, versions_whole) == (True, True, True)
        # The maps come first: none of them lacks what the configuration looks up in it.
        assert (text, maps) != ("new", "old")
        assert names == FILES
    # Some were killed before, some in the middle, and the last one not at all.
    assert {(text, maps) for text, _, maps, *_ in found} == {("old", "old"), ("old", "new"), ("new", "new")}
