"""The endpoints of pool templates, under both spellings of their path."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from lbgen.server.decoding import typed
from lbgen.server.http.endpoint import Answer, Asked, Endpoint, text
from lbgen.server.pool_templates import DEFAULT_POOL_TEMPLATE
from lbgen.server.refusals import REQUIRED, Refusal

if TYPE_CHECKING:
    from lbgen.server.server import Server
    from lbgen.server.store import StoredTemplate


class PoolTemplate(TypedDict, total=False):
    """A pool template, by name."""

    name: str


def _all(server: Server, _: Asked) -> Answer:
    return Answer([{"name": template.name} for template in server.pool_templates.all()])


def _create(server: Server, asked: Asked) -> Answer:
    given = typed(PoolTemplate, asked.json())
    if not given.get("name"):
        raise Refusal(REQUIRED, "name in body is required")
    made = server.pool_templates.create(given["name"])
    return Answer({"name": made.name}, revision=made.revision)


def _delete(server: Server, asked: Asked) -> Answer:
    server.pool_templates.delete(asked.name, asked.expected)
    return Answer(status=204)


def _status(server: Server, asked: Asked) -> Answer:
    status = dict(server.pool_templates.get(asked.name).status)
    problem = server.running.problem(f"auto-{asked.name}")
    if problem and status["status"] == "OK":
        status |= {"status": "SUBMIT_ERR", "message": problem}
    return Answer({"pool": status})


def _text(server: Server, asked: Asked) -> Answer:
    return _of(server.pool_templates.get(asked.name))


def _of(template: StoredTemplate) -> Answer:
    return text(DEFAULT_POOL_TEMPLATE if template.text is None else template.text, template.revision)


def _set_text(server: Server, asked: Asked) -> Answer:
    given = asked.text()
    server.pool_templates.get(asked.name)
    return _of(server.pool_templates.set_text(asked.name, given, asked.expected))


def _reset(server: Server, asked: Asked) -> Answer:
    return _of(server.pool_templates.set_text(asked.name, None, asked.expected))


def _endpoints(root: str) -> tuple[Endpoint, ...]:
    one = f"{root}/{{name}}"
    return (
        Endpoint("GET", root, _all, "All pool templates.", reply="PoolTemplates"),
        Endpoint("POST", root, _create, "Make a pool template.", "PoolTemplate", "PoolTemplate", (200, 400, 409, 422)),
        Endpoint("DELETE", one, _delete, "Remove a pool template and its pool.", statuses=(204, 404, 412)),
        Endpoint("GET", f"{one}/status", _status, "What came of it.", reply="PoolTemplateStatus", statuses=(200, 404)),
        Endpoint("GET", f"{one}/template", _text, "Its text.", reply="text", statuses=(200, 404)),
        Endpoint(
            "PUT",
            f"{one}/template",
            _set_text,
            "Change its text.",
            "text",
            "text",
            (200, 400, 404, 412, 422, 503),
            slow=True,
        ),
        Endpoint(
            "DELETE", f"{one}/template", _reset, "Go back to the built-in text.", reply="text", statuses=(200, 404, 412)
        ),
    )


# The documentation writes it one way, the specification the other.
ENDPOINTS = (*_endpoints("/v2/pooltemplates"), *_endpoints("/v2/poolTemplates"))
