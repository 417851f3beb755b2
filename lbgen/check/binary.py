"""A check by a HAProxy binary of this machine; missing files are made up in a directory of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from posixpath import join, normpath
from typing import TYPE_CHECKING

from lbgen.check.place import MOST_SECONDS, Run, TooSlowError, encoded
from lbgen.dataclass import dataclass
from lbgen.errors import ToolError
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PLACES = ("/usr/sbin", "/usr/local/sbin")
_VERSION = regex(r"HA-?Proxy version (?P<version>[\w.]+)")
_INSTALL = (
    "install HAProxy (the package is called haproxy on Debian, Ubuntu, Fedora, Alpine and in Homebrew), "
    "or check in a container"
)


def find_binary(name: str | None = None) -> str | None:
    """The path of the HAProxy binary: the one of this name, or the first on PATH and in the usual places."""
    if name is not None:
        return shutil.which(name)
    return shutil.which("haproxy", path=os.pathsep.join([os.environ.get("PATH", os.defpath), *_PLACES]))


@contextmanager
def binary_place(
    name: str | None, environment: Mapping[str, str], *, diagnostics: bool, seconds: float = MOST_SECONDS
) -> Iterator[BinaryPlace]:
    """A place to run the binary of this name or path, or whichever is found.

    `environment` is all that it finds in its own. Raises ToolError where there is no such binary.
    """
    binary = find_binary(name)
    if binary is None:
        wanted = f"there is no HAProxy at {name}" if name is not None else "there is no HAProxy on this machine"
        raise ToolError(wanted, help=_INSTALL)
    version = _version(binary)
    with tempfile.TemporaryDirectory(prefix="lbgen-check-") as root:
        yield BinaryPlace(binary, version, root, environment, diagnostics, seconds)


def _version(binary: str) -> str:
    output = _call([binary, "-v"], os.environ).output
    found = _VERSION.search(output)
    if found is None:
        raise ToolError(f"{binary} does not say that it is HAProxy", help=_INSTALL)
    return found["version"]


def _call(command: list[str], environment: Mapping[str, str], seconds: float = MOST_SECONDS) -> Run:
    try:
        done = subprocess.run(  # noqa: S603 - running the binary that the user names is what this is for
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooSlowError(f"{command[0]} did not end within {seconds:g} s and was killed") from None
    except OSError as error:
        raise ToolError(f"{command[0]} cannot be run: {error.strerror}", help=_INSTALL) from None
    return Run(done.returncode, done.stdout.decode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class BinaryPlace:
    """The machine itself; what is put goes below `root`, so that the text has to name it there."""

    binary: str
    version: str
    root: str
    environment: Mapping[str, str]
    diagnostics: bool
    seconds: float = MOST_SECONDS
    rewrites = True

    @property
    def tool(self) -> str:
        """What is run, in words for the user."""
        return f"HAProxy {self.version} at {self.binary}"

    @property
    def config_path(self) -> str:
        """The path under which HAProxy reads the configuration."""
        return join(self.root, "haproxy.cfg")

    @property
    def name_servers(self) -> bool:
        """Whether /etc/resolv.conf names any."""
        try:
            return "nameserver" in Path("/etc/resolv.conf").read_text(errors="replace")
        except OSError:
            return False

    def has(self, path: str) -> bool:
        """Whether there is something at this path, readable or not."""
        return os.path.lexists(path)

    def brought(self, path: str, *, siblings: str = "") -> Mapping[str, bytes]:  # noqa: ARG002 - all is here already
        """Nothing: HAProxy reads this machine's files."""
        return {}

    def knows(self, account: str, *, group: bool) -> bool:
        """Whether there is a user, or a group, of this name."""
        import grp  # only where there are accounts
        import pwd

        try:
            _ = grp.getgrnam(account) if group else pwd.getpwnam(account)
        except KeyError:
            return False
        return True

    def put_path(self, path: str) -> str:
        """The absolute path at which a file for `path` is put."""
        kept = "absolute" if path.startswith("/") else "relative"
        return join(self.root, kept) + normpath("/" + path.lstrip("/"))

    def shown(self, text: str) -> str:
        """The text with the place's own paths replaced by those that the configuration names."""
        return text.replace(join(self.root, "relative/"), "").replace(join(self.root, "absolute"), "")

    def run(self, text: str, files: Mapping[str, bytes], directories: Sequence[str]) -> Run:
        """Put the configuration and the files there, run `haproxy -c`, and return what came of it.

        Raises ToolError where the binary does not end.
        """
        for directory in directories:
            Path(directory).mkdir(parents=True, exist_ok=True)
        for path, content in {self.config_path: encoded(text), **files}.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(content)
        options = ["-dD"] if self.diagnostics else []
        command = [self.binary, "-c", "-V", "-dr", *options, "-f", self.config_path]
        return _call(command, self.environment, self.seconds)
