"""From Marathon-LB's labels to Edge-LB's, or to pools, and back into the documents that they came from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lbgen import source
from lbgen.convert.converting import Converted, convert
from lbgen.finding import Finding, Severity
from lbgen.origin import Origin
from lbgen.pipeline.auto_pools import pool_findings
from lbgen.source.editing import Edit, edited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.convert.converting import ConvertedApp
    from lbgen.convert.doors import ConvertOptions
    from lbgen.pipeline.inputs import Inputs

_OWN = "HAPROXY_"


def to_edge_lb(inputs: Inputs, options: ConvertOptions) -> Converted:
    """What goes over of the apps; a pool that Edge-LB would refuse does not, and the labels at fault are named."""
    made = convert(inputs.apps, options)
    kept = []
    for pool in made.pools:
        findings, accepted = pool_findings(pool.name, pool.value, pool.origins)
        made.findings += findings
        if accepted:
            kept.append(pool)
        else:
            made.left_out += pool.apps
    made.pools = kept
    if not made.asked:
        made.findings.append(_nobody(inputs))
    return made


def _nobody(inputs: Inputs) -> Finding:
    help_ = "the label HAPROXY_GROUP names an app's groups; --group chooses among them, and * takes all apps"
    origin = Origin(inputs.apps[0].ref.document, inputs.apps[0].ref.pointer) if inputs.apps else None
    return Finding("no-app-in-group", Severity.ERROR, "there is no app of Marathon-LB's to convert", origin, help=help_)


def labelled_documents(inputs: Inputs, converted: Converted, *, drop: bool = False) -> dict[str, str]:
    """The documents of the converted apps, by name, with the new labels.

    With `drop`, apps that went over as a whole lose Marathon-LB's. JSON keeps its formatting, YAML becomes JSON.
    """
    left_out = {(ref.document, ref.pointer) for ref in converted.left_out}
    edits: dict[str, dict[str, Edit]] = {}
    for each in converted.apps:
        ref = each.app.ref
        whole = (ref.document, ref.pointer) not in left_out
        edits.setdefault(ref.document, {})[f"{ref.pointer}/labels"] = _edit(each, drop=drop and whole)
    return {name: _edited(inputs.documents[name], edits[name]) for name in inputs.documents if name in edits}


def _edit(each: ConvertedApp, *, drop: bool) -> Edit:
    own = (key for key in each.app.labels if key.startswith(_OWN))
    return Edit(each.labels, frozenset(own if drop else ()))


def _edited(document: source.Document, edits: Mapping[str, Edit]) -> str:
    value = source.load(document)
    if document.kind == "json":
        return edited(document, value, edits)
    plain = source.Document(document.name, json.dumps(value, indent=2, ensure_ascii=False) + "\n", b"", "json")
    return edited(plain, value, edits)
