"""The JSON Schema of Marathon apps, for editors: their labels with what each means, and what its text may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.marathon import schema, values
from lbgen.marathon.labels import APP_LABELS, IGNORED_TEMPLATE_LABELS, PORT_LABELS, TEMPLATE_LABELS
from lbgen.marathon.templates import TEMPLATES
from lbgen.model.json_schema import DIALECT, Definitions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.marathon.labels import Label

_INDEX = "(0|[1-9][0-9]*)"
_TEXTS: Mapping[Callable[[str], Any], Mapping[str, Any]] = {
    values.boolean: {
        "pattern": "^([Tt][Rr][Uu][Ee]|[Tt]|[Yy][Ee][Ss]|[Yy]|[Ff][Aa][Ll][Ss][Ee]|[Ff]|[Nn][Oo]|[Nn])$",
        "examples": ["true", "false"],
    },
    values.integer: {"pattern": "^-?[0-9]+$"},
    values.mode: {"pattern": "^([Hh][Tt][Tt][Pp]|[Tt][Cc][Pp])$", "examples": ["http", "tcp"]},
    values.auth: {"pattern": "^[^:]*:[^:]*:[^:]*$"},
}


def app_schema() -> dict[str, Any]:
    """The JSON Schema of what an app file may hold: an app, a list of apps, a group, a reply of `GET /v2/apps`.

    Labels that look like the load balancer's, and that nobody reads, are refused; all else of an app is Marathon's.
    """
    definitions = Definitions(lambda _kind, _key: {}, closed=False)
    app = definitions.object(schema.App)
    app["properties"] |= {"$schema": {"type": "string"}, "labels": {"$ref": "#/definitions/Labels"}}
    app["required"] = ["id"]
    groups = {"type": "array", "items": {"$ref": "#/definitions/Group"}}
    apps = {"type": "array", "items": {"$ref": "#/definitions/App"}}
    made = {
        **dict(sorted(definitions.made.items())),
        "App": app,
        "Labels": _labels(),
        "Group": {
            "type": "object",
            "description": "A group of apps, or a reply of Marathon.",
            "properties": {"id": {"type": "string"}, "apps": apps, "groups": groups},
        },
    }
    in_group = {"required": ["apps"]}, {"required": ["groups"]}
    one = {"if": {"anyOf": [*in_group]}, "then": {"$ref": "#/definitions/Group"}, "else": {"$ref": "#/definitions/App"}}
    head = {"$schema": DIALECT, "title": "Marathon apps with labels of Marathon-LB"}
    return {**head, "if": {"type": "array"}, "then": apps, "else": one, "definitions": made}


def _labels() -> dict[str, Any]:
    every = {f"^HAPROXY_{_INDEX}_{label.name}$": _port_label(label) for label in PORT_LABELS}
    every |= {f"^HAPROXY_{_INDEX}_{name}$": _template(name) for name in sorted(TEMPLATE_LABELS)}
    names = "|".join([*(label.name for label in PORT_LABELS), *sorted(TEMPLATE_LABELS | IGNORED_TEMPLATE_LABELS)])
    whole = "|".join(name.removeprefix("HAPROXY_") for name in APP_LABELS)
    return {
        "type": "object",
        "description": "Labels; those of the load balancer begin with HAPROXY_, and count service ports.",
        "properties": {
            **{name: {"type": ["string", "null"], "description": said} for name, said in APP_LABELS.items()},
            "LBGEN_IGNORE": {"type": "string", "description": "rules that lbgen lint ignores for the app, and why"},
        },
        "patternProperties": every,
        "propertyNames": {"not": {"pattern": f"^HAPROXY_(?!({whole}|{_INDEX}_({names}))$)"}},
        "additionalProperties": {"type": ["string", "null"]},
    }


def _port_label(label: Label) -> dict[str, Any]:
    default = {"default": label.default} if label.default else {}
    return {"type": ["string", "null"], "description": label.meaning, **default, **_TEXTS.get(label.parse, {})}


def _template(name: str) -> dict[str, Any]:
    placeholders = " ".join(f"{{{each}}}" for each in sorted(TEMPLATES[name].placeholders))
    said = f"what is written in place of the template {name}"
    return {
        "type": ["string", "null"],
        "description": f"{said}; placeholders: {placeholders}" if placeholders else said,
    }
