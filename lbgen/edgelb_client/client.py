"""What can be asked of an Edge-LB: one method for each thing, whatever version the pool is of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lbgen.edgelb_client.answers import judged
from lbgen.edgelb_client.wire import Wire
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.edgelb_client.access import Access
    from lbgen.edgelb_client.answers import Answer

Object = dict[str, Any]
_TEXT = "text/plain; charset=utf-8"
_ROOTS = {"V1": "/v1/loadbalancers", "V2": "/v2/pools"}


class Client:
    """Asks the Edge-LB that is reached so.

    All methods raise RefusedError where the server refuses, ToolError where it does not answer as an Edge-LB does,
    UsageError for names that nothing can have.
    """

    def __init__(self, access: Access, heard: Callable[[str], None] | None = None) -> None:
        self._wire = Wire(access, heard)
        self._token = access.token is not None

    def ping(self) -> str:
        """The word that the server answers with."""
        return self._get("/ping").text().strip()

    def version(self) -> str:
        """The version of the server, as in `v1.7.0`."""
        return self._get("/version").text().strip()

    def pools(self) -> list[Object]:
        """All pools, of both versions."""
        answer = self._get("/config")
        listed = answer.object().get("pools") or []
        if not isinstance(listed, list):
            raise answer.strange()
        return [_out_of_container(each, answer) for each in listed]

    def pool(self, name: str) -> Object:
        """The pool of this name, of either version."""
        answer = self._get(f"/pools/{segment(name)}")
        return _out_of_container(answer.object(), answer)

    def create(self, version: str, pool: Mapping[str, Any]) -> Object:
        """The pool as the server has made it."""
        return self._asked("POST", _ROOTS[version], pool).object()

    def etag(self, name: str) -> str:
        """What the server calls the revision of the pool, empty where it does not say."""
        return self._get(f"/pools/{segment(name)}").etag

    def update(self, version: str, pool: Mapping[str, Any], if_match: str = "") -> Object:
        """The pool as the server has changed it.

        It is to have the revision `if_match` until then; where that is empty, the one that it has now. A server that
        tells of none changes whatever is there.
        """
        name = pool.get("name")
        if not isinstance(name, str) or not name:
            raise UsageError("the pool has no name, so nobody knows which one to update")
        path = f"{_ROOTS[version]}/{segment(name)}"
        return self._asked("PUT", path, pool, if_match=if_match or self._etag_now(path)).object()

    def _etag_now(self, path: str) -> str:
        # Whatever is wrong is told by what comes behind it; a pool of V1 need not be there.
        answer = self._wire.ask("GET", path)
        return answer.etag if answer.status == 200 else ""

    def delete(self, name: str) -> None:
        """Removes the pool, of either version."""
        self._asked("DELETE", _pool(name))

    def metadata(self, name: str) -> Object:
        """Where the pool is reached."""
        return self._get(f"{_pool(name)}/metadata").object()

    def configuration(self, name: str) -> str:
        """The haproxy.cfg of the pool."""
        return self._get(f"{_pool(name)}/lbconfig").text()

    def template(self, name: str | None) -> str:
        """The template of the pool's haproxy.cfg, or the built-in one."""
        return self._get(f"{_pool(name)}/lbtemplate" if name is not None else "/v2/lbtemplate").text()

    def set_template(self, name: str, text: str) -> None:
        """Gives the pool a template of its own."""
        self._asked("PUT", f"{_pool(name)}/lbtemplate", text)

    def reset_template(self, name: str) -> None:
        """Gives the pool the built-in template back."""
        self._asked("DELETE", f"{_pool(name)}/lbtemplate")

    def pool_templates(self) -> list[str]:
        """The names of all pool templates."""
        answer = self._get("/v2/pooltemplates")
        listed = answer.json()
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            raise answer.strange()
        return [str(each.get("name", "")) for each in listed]

    def create_pool_template(self, name: str) -> None:
        """Makes a pool template with the built-in text."""
        segment(name)
        self._asked("POST", "/v2/pooltemplates", {"name": name})

    def pool_template(self, name: str) -> str:
        """The text of the pool template."""
        return self._get(f"{_template(name)}/template").text()

    def set_pool_template(self, name: str, text: str) -> None:
        """Gives the pool template another text."""
        self._asked("PUT", f"{_template(name)}/template", text)

    def reset_pool_template(self, name: str) -> None:
        """Gives the pool template the built-in text back."""
        self._asked("DELETE", f"{_template(name)}/template")

    def delete_pool_template(self, name: str) -> None:
        """Removes the pool template and its pool."""
        self._asked("DELETE", _template(name))

    def pool_template_status(self, name: str) -> Object:
        """What came of the pool template: `status`, `message`, and `statuses` by task."""
        answer = self._get(f"{_template(name)}/status")
        status = answer.object().get("pool")
        if not isinstance(status, dict):
            raise answer.strange()
        return status

    def _get(self, path: str) -> Answer:
        return self._asked("GET", path)

    def _asked(
        self, method: str, path: str, content: Mapping[str, Any] | str | None = None, if_match: str = ""
    ) -> Answer:
        if content is None:
            return judged(self._wire.ask(method, path), token=self._token)
        if isinstance(content, str):
            return judged(self._wire.ask(method, path, content.encode(), _TEXT), token=self._token)
        answer = self._wire.ask(method, path, _dumped(content), "application/json", if_match)
        return judged(answer, token=self._token)


def segment(name: str) -> str:
    """The name as a part of a path; raises UsageError for names that would be other paths."""
    if name in {"", ".", ".."} or not name.isprintable():
        raise UsageError(f"{name!r:.80} is no name that anything could have")
    return quote(name, safe="")


def _pool(name: str) -> str:
    return f"/v2/pools/{segment(name)}"


def _template(name: str) -> str:
    return f"/v2/pooltemplates/{segment(name)}"


def _dumped(value: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(value, allow_nan=False).encode()
    except ValueError:
        raise UsageError("the pool holds a number that JSON cannot hold") from None


def _out_of_container(value: Any, answer: Answer) -> Object:
    """The pool in what holds pools of both versions, or the pool itself."""
    if isinstance(value, dict):
        inside = value.get("v2") or value.get("v1") or value
        if isinstance(inside, dict) and isinstance(inside.get("name"), str):
            return inside
    raise answer.strange()
