"""One service's fragments: which template it uses for each piece, and what fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.errors import AppError
from lbgen.marathon import names
from lbgen.marathon.limits import MOST_CHARACTERS_IN_LINE
from lbgen.marathon.routing import OVERRIDDEN_BY
from lbgen.model.blanks import TemplateFault, unknown_placeholder
from lbgen.model.plan import Fragment
from lbgen.render.override import check_override
from lbgen.render.writer import fill

if TYPE_CHECKING:
    from lbgen.marathon.routing import Step
    from lbgen.model.blanks import Text
    from lbgen.model.service import Service
    from lbgen.render.templates import Templates

_NONE: frozenset[str] = frozenset()


class Pieces:
    """The fragments of one service, all filled with its `values`."""

    def __init__(self, service: Service, templates: Templates, *, unsafe: bool) -> None:
        self.service = service
        self.values = values_of(service)
        self._templates = templates
        self._unsafe = unsafe

    def fragment(self, name: str, **more: Any) -> Fragment:
        """The fragment of a template; `more` fills it beside the service's values."""
        values = self.values | more if more else self.values
        return self._fragment(name, values, _NONE)

    def step(self, step: Step, **more: Any) -> Fragment:
        """The fragment of a step of the routing table."""
        values = self.values | more if more else self.values
        return self._fragment(step.template, values, step.less)

    def override(self, name: str) -> str | None:
        """The text of the label that replaces the template, if one does."""
        return self.service.overrides.get(OVERRIDDEN_BY.get(name, name))

    def replaced(self, name: str) -> str | None:
        """The text that a label, or else the operator, put in place of the template; None where it is built in."""
        text = self.override(name)
        return self._templates.replacement(name) if text is None else text

    def in_line(self, fragment: Fragment) -> str:
        """The text of a fragment that is a part of a line; raises AppError where a label would leave that line."""
        text = fill(fragment).strip()
        if len(text) > MOST_CHARACTERS_IN_LINE:
            message = f"would be {len(text):,} characters of a line; at most {MOST_CHARACTERS_IN_LINE:,} are taken"
            raise AppError(message, origin=self.service.because(fragment.label).origin(), rule="too-much-text")
        if fragment.overridden and not self._unsafe:
            try:
                check_override(text, "", in_line=True)
            except TemplateFault as fault:
                origin = self.service.because(fragment.label).origin()
                raise AppError(f"is filled so that it {fault}", origin=origin, rule="bad-template") from None
        return text

    def _fragment(self, name: str, values: dict[str, Any], less: frozenset[str]) -> Fragment:
        text = self.override(name) if self.service.overrides else None
        if text is None:
            return Fragment(name, self._templates.text(name), values, self.service)
        label = OVERRIDDEN_BY.get(name, name)
        return Fragment(name, self._compiled(name, label, text, less), values, self.service, label)

    def _compiled(self, name: str, label: str, text: str, less: frozenset[str]) -> Text:
        try:
            compiled = self._templates.override(name, text, unsafe=self._unsafe)
        except TemplateFault as fault:
            raise self._fault(label, str(fault), fault.start, fault.end) from None
        known = self._templates.rows[name].placeholders - less
        for unknown in sorted(compiled.names - known):
            start = max(text.find("{" + unknown), 0)
            raise self._fault(label, unknown_placeholder(name, unknown, known), start, start + len(unknown) + 2)
        return compiled

    def _fault(self, label: str, message: str, start: int, end: int) -> AppError:
        origin = self.service.app.label(f"HAPROXY_{self.service.index}_{label}").origin().narrowed(start, end)
        return AppError(message, origin=origin, rule="bad-template")


def values_of(service: Service) -> dict[str, Any]:
    """What most templates are filled with."""
    app_id, port, auth = service.app.id, service.port, service.auth
    backend = names.backend_name(app_id, port)
    values = {
        "backend": backend,
        "frontend": f"{backend}_in",
        "servicePort": port,
        "mode": service.mode,
        "balance": service.balance,
        "bindAddr": service.bind_addr,
        "sslCert": f" ssl crt {service.ssl_cert}" if service.ssl_cert else "",
        "bindOptions": f" {service.bind_options}" if service.bind_options else "",
        "appId": app_id,
        "cleanedUpAppId": names.clean(app_id),
        "hostname": service.hostname,
    }
    if service.vhosts:
        values["cleanedUpHostname"] = names.host_acl_name(service.vhosts[0], app_id)
        values["path"] = service.path
    if auth is not None:
        values |= {"realm": auth.realm, "user": auth.user, "passwd": auth.password}
    return values
