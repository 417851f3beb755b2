"""Integration tests with a real HAProxy, for users of lbgen and for lbgen itself.

    from lbgen.testing import Stub, run_haproxy

    def test_the_api_answers() -> None:
        with run_haproxy(CONFIG, stubs=[Stub("api", port=6443, hosts=("api.example.org",))]) as haproxy:
            answer = haproxy.request(8080, "/version", headers={"Host": "example.org"})
        assert answer.json()["stub"] == "api"

`run_haproxy` starts HAProxy from the text of a configuration, `run_from_apps` from Marathon app definitions. Both take
a container engine where one answers (`image=` or LBGEN_HAPROXY_IMAGE choose the image, else `haproxy:3.2`), otherwise
the `haproxy` of this machine (`binary=` or LBGEN_HAPROXY_BIN choose another). Stubs (lbgen.testing.stub) answer who
they are. What was started is stopped when the block ends.

With pytest, the fixture `start_haproxy` does the same and stops everything at the end of the test:

    def test_the_api_answers(start_haproxy) -> None:
        haproxy = start_haproxy(CONFIG, stubs=[Stub("api", port=6443)])

Where no HAProxy can be started the fixture skips the test and says why; with CI in the environment it fails it. Needs
the extra `testing`: `pip install lbgen[testing]`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lbgen.check.throwaway import Authority, self_signed
    from lbgen.testing.apps import run_from_apps
    from lbgen.testing.client import Answer, trusting
    from lbgen.testing.engine import Address, missing
    from lbgen.testing.haproxy import Haproxy, run_haproxy
    from lbgen.testing.ready import HaproxyDidNotStart
    from lbgen.testing.stub import Stub, Stubs, run_stubs

__all__ = [
    "Address",
    "Answer",
    "Authority",
    "Haproxy",
    "HaproxyDidNotStart",
    "Stub",
    "Stubs",
    "missing",
    "run_from_apps",
    "run_haproxy",
    "run_stubs",
    "self_signed",
    "trusting",
]

# pytest loads the plugin beside this module in every run, lbgen's or not: nothing is imported before it is used.
_HOMES = {
    "lbgen.check.throwaway": ("Authority", "self_signed"),
    "lbgen.testing.apps": ("run_from_apps",),
    "lbgen.testing.client": ("Answer", "trusting"),
    "lbgen.testing.engine": ("Address", "missing"),
    "lbgen.testing.haproxy": ("Haproxy", "run_haproxy"),
    "lbgen.testing.ready": ("HaproxyDidNotStart",),
    "lbgen.testing.stub": ("Stub", "Stubs", "run_stubs"),
}


def __getattr__(name: str) -> Any:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(home), name)
