"""Pool templates: what can be done with them, and the pools that follow the tasks that ask for them by label."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen.regex import regex
from lbgen.server.decoding import LONGEST_NAME, json_value, pool_document
from lbgen.server.pools import checked
from lbgen.server.refusals import PATTERN, Refusal, bad, changed_meanwhile, no_template
from lbgen.server.templating import TemplateError, fill, refuse_go

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.server.known_tasks import Known
    from lbgen.server.pools import Pools
    from lbgen.server.store import Store, StoredTemplate, Transaction

DEFAULT_POOL_TEMPLATE = """\
{# An auto pool, a template of Jinja2 that makes the JSON of a pool.
   pool   what lbgen makes of the labels edgelb.* of the tasks that ask for this template
   Members of the pool can be set here, as its count or its role. #}
{{ dict(pool, count=1) | tojson(indent=2) }}
"""
_NAME = r"^[a-zA-Z0-9][a-zA-Z0-9-]+$"
_IS_NAME = regex(_NAME.removesuffix("$") + r"\Z")
NEW = {"status": "NEW", "message": "", "statuses": {}}
"""The status of a template of which nothing has come yet."""


class PoolTemplates:
    """The pool templates of a store, and their pools."""

    def __init__(self, store: Store, pools: Pools) -> None:
        self._store = store
        self._pools = pools

    def all(self) -> list[StoredTemplate]:
        """All pool templates, by name."""
        return self._store.read(lambda state: state.templates())

    def get(self, name: str) -> StoredTemplate:
        """The pool template of this name; raises Refusal where there is none."""
        return self._store.read(lambda state: _existing(state, name))

    def create(self, name: str) -> StoredTemplate:
        """Adds a pool template, and its pool where tasks ask for it; raises Refusal where the name is bad or taken."""
        if not _IS_NAME.match(name) or len(name) > LONGEST_NAME:
            raise Refusal(PATTERN, f"name in body should match '{_NAME}'")

        def work(state: Transaction) -> StoredTemplate:
            if state.template(name) is not None:
                raise Refusal(409, f"pool template {name} already exists")
            return state.add_template(name, None, NEW)

        made = self._store.write(work)
        self.follow()
        return made

    def set_text(self, name: str, text: str | None, expected: Sequence[int] | None = None) -> StoredTemplate:
        """Gives the pool template another text, None the built-in one; raises Refusal where it cannot be used."""
        _check(text, self._pools.tasks.known.pools.get(name))

        def work(state: Transaction) -> StoredTemplate:
            _as_expected(_existing(state, name), expected)
            changed = state.change_template(name, text)
            if changed is None:
                raise no_template(name)
            return changed

        made = self._store.write(work)
        self.follow()
        return made

    def delete(self, name: str, expected: Sequence[int] | None = None) -> None:
        """Removes the pool template and its pool; raises Refusal where there is none."""

        def work(state: Transaction) -> None:
            _as_expected(_existing(state, name), expected)
            state.remove_template(name)
            pool = state.pool(f"auto-{name}")
            if pool is not None and pool.made_by == name:
                state.remove_pool(pool.name)

        self._store.write(work)
        self._pools.follow()

    def follow(self) -> None:
        """Brings the pools of all templates to what the tasks of now ask for, and keeps what came of it."""
        known = self._pools.tasks.known
        changed = False
        for template in self.all():
            document, status = _wanted(template, known)
            changed = self._store.write(_Following(template, document, status)) or changed
        if changed:
            self._pools.follow()


class _Following:
    """Brings the pool of one template to its document, and leaves it as it is where there is none to be had."""

    def __init__(self, template: StoredTemplate, document: Mapping[str, Any] | None, status: Mapping[str, Any]) -> None:
        self._template = template
        self._document = document
        self._status = dict(status)

    def __call__(self, state: Transaction) -> bool:
        """Whether the pool has changed."""
        now = state.template(self._template.name)
        if now is None or now.text != self._template.text:
            # Somebody changed it meanwhile, and follows himself.
            return False
        changed = self._follow(state)
        if now.status != self._status:
            state.say(now.name, self._status)
        return changed

    def _follow(self, state: Transaction) -> bool:
        name = f"auto-{self._template.name}"
        pool = state.pool(name)
        if pool is not None and pool.made_by != self._template.name:
            self._status |= {"status": "SUBMIT_ERR", "message": f"pool {name} already exists"}
            return False
        if self._document is None or (pool is not None and pool.document == self._document):
            return False
        if pool is None:
            state.add_pool(name, "V2", self._document, made_by=self._template.name)
        else:
            state.change_pool(name, document=self._document)
        return True


def _wanted(template: StoredTemplate, known: Known) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """The pool of the template, if there is to be one, and its status."""
    value = known.pools.get(template.name)
    said = {"message": known.problem, "statuses": _statuses(template.name, value, known)}
    if value is None:
        return None, {**said, "status": "NEW" if known.problem and not known.fingerprint else "NO_TASKS"}
    try:
        made = _filled(template.text, value)
    except TemplateError as error:
        return None, {**said, "status": "RENDER_ERR", "message": str(error)}
    try:
        document = pool_document("V2", made)
        document |= {"name": f"auto-{template.name}", "type": "template-dynamic"}
        checked("V2", document)
    except Refusal as refusal:
        return None, {**said, "status": "SUBMIT_ERR", "message": str(refusal)}
    return document, {**said, "status": "OK"}


def _statuses(name: str, value: Mapping[str, Any] | None, known: Known) -> dict[str, Any]:
    """What came of each app that asks for the template: where it is reached, or why it is not."""
    made = {
        member: {"status": "OK", "message": "", "uris": _uris(value)} for member in known.members.get(name, ()) if value
    }
    for finding in known.findings:
        app = finding.origin.app if finding.origin else None
        if app is not None and app in known.asking.get(name, ()) and finding.severity.name == "ERROR":
            made[app] = {"status": "RENDER_ERR", "message": finding.message, "uris": []}
    return made


def _uris(value: Mapping[str, Any]) -> list[str]:
    """The frontends of the pool, as a client would name them."""
    made = []
    for frontend in value["haproxy"]["frontends"]:
        hosts = sorted({rule.get("hostEq") or "" for rule in (frontend.get("linkBackend") or {}).get("map") or ()})
        made += [f"{frontend['protocol'].lower()}://{host or '*'}:{frontend['bindPort']}" for host in hosts or [""]]
    return made


def _check(text: str | None, value: Mapping[str, Any] | None) -> None:
    """Raises Refusal where the text is no template, or makes nothing of the pool that the labels ask for now."""
    if text is None:
        return
    try:
        refuse_go(text, "/v2/pooltemplates/{name}/template after a DELETE of it")
        made = _filled(text, value or _SAMPLE)
    except TemplateError as error:
        raise bad(f"the pool template cannot be used: {error}", **error.where) from None
    document = pool_document("V2", made)
    checked("V2", document | {"name": document.get("name") or "auto-sample"})


def _filled(text: str | None, value: Mapping[str, Any]) -> Any:
    """What the template makes of the pool; raises TemplateError where that is no JSON."""
    if text is None:
        return dict(value)
    try:
        return json_value(fill(text, {"pool": value}).encode())
    except (Refusal, UnicodeEncodeError) as error:
        raise TemplateError(f"it makes no JSON: {error}") from None


_SAMPLE = json.loads("""
{"apiVersion": "V2", "name": "auto-sample", "count": 1, "haproxy": {"stats": {"bindPort": 0},
 "frontends": [{"bindPort": 80, "protocol": "HTTP", "linkBackend": {"map": [{"pathBeg": "/", "backend": "web"}]}}],
 "backends": [{"name": "web", "protocol": "HTTP",
  "services": [{"mesos": {"taskID": "web.1", "frameworkName": "marathon"}, "endpoint": {"portName": "web"}}]}]}}
""")


def _existing(state: Transaction, name: str) -> StoredTemplate:
    template = state.template(name)
    if template is None:
        raise no_template(name)
    return template


def _as_expected(template: StoredTemplate, expected: Sequence[int] | None) -> None:
    if expected is not None and template.revision not in expected:
        raise changed_meanwhile(f"pool template {template.name}")
