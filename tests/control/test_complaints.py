"""What HAProxy complains about, in the shapes of several versions."""

from __future__ import annotations

from lbgen.control.complaints import alerts, complaints

OLD = """\
[NOTICE] 324/233623 (1) : haproxy version is 2.2.9-2+deb11u6
[ALERT] 324/233623 (1) : parsing [/c/h.cfg:19] : balance only supports 'roundrobin'.
[ALERT] 324/233623 (1) : Fatal errors found in configuration.
[WARNING] 324/233623 (1) : Reexecuting Master process in waitpid mode
"""
NEW = """\
Success=0
--
[NOTICE]   (1) : Initializing new worker (14)
[ALERT]    (14) : Binding [/c/h.cfg:9] for frontend f: cannot bind socket (Cannot assign requested address).
[ALERT]    (14) : config : parsing [a.cfg:3] : unknown
      | in two lines
"""


def test_alerts_without_time_and_pid() -> None:
    first = "parsing [/c/h.cfg:19] : balance only supports 'roundrobin'."
    assert alerts(OLD) == [first, "Fatal errors found in configuration."]
    bind = "Binding [/c/h.cfg:9] for frontend f: cannot bind socket (Cannot assign requested address)."
    assert alerts(NEW) == [bind, "config : parsing [a.cfg:3] : unknown\n      | in two lines"]


def test_complaints_as_they_are_written() -> None:
    assert [text.split(" ")[0] for text in complaints(OLD)] == ["[ALERT]", "[ALERT]", "[WARNING]"]
