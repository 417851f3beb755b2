"""Map files in place of rules: which backend a host name, or an app id, leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.marathon.routing import (
    HTTP,
    HTTPS,
    MAP_HTTP,
    MAP_HTTP_SEVERAL,
    MAP_HTTPS,
    case_of,
    in_map_for_http,
    in_map_for_https,
)

if TYPE_CHECKING:
    from lbgen.marathon.fragments import Pieces
    from lbgen.marathon.routing import Case
    from lbgen.model.plan import Fragment

DOMAINS, APPS = "domain2backend.map", "app2backend.map"

_MAP_WEIGHT = -1
"""The rule that asks the map stands behind all rules of ordinary weight, whatever its service asks for."""


class Placed(NamedTuple):
    """What a service writes on 80 and 443, and its weight on either.

    None: the map has nothing to do with it. Empty: it is in the map, and the rule that asks the map is written already.
    """

    http: list[Fragment] | None
    https: list[Fragment] | None
    weight: int
    https_weight: int


class Maps:
    """The map files, and where the rules are that ask them.

    The portable dialect keeps services out of the map whose labels replace the rules that the map stands for, and does
    without it where 443 is grouped by vhost: Marathon-LB lets one service's label replace everybody's map there, and
    asks the map for one vhost only.
    """

    def __init__(self, haproxy_dir: str, *, portable: bool, grouped: bool) -> None:
        self._dir = haproxy_dir
        self._portable = portable
        self._grouped = grouped
        self._asked: set[str] = set()
        self._domains: dict[str, None] = {}
        self._apps: dict[str, None] = {}

    def place(self, pieces: Pieces) -> Placed:
        """Puts the service into the map, where it belongs there."""
        service = pieces.service
        case = case_of(service)
        http = (
            self._rule(pieces, MAP_HTTP_SEVERAL if case.several else MAP_HTTP) if self._on_http(pieces, case) else None
        )
        https = self._rule(pieces, MAP_HTTPS) if self._on_https(pieces, case) else None
        if http is not None or https is not None:
            backend = pieces.values["backend"]
            for vhost in service.vhosts:
                self._domains[f"{vhost} {backend}\n"] = None
        weight = _MAP_WEIGHT if http or https else service.weight
        return Placed(http, https, weight, _MAP_WEIGHT if self._stands_for_map(pieces, case) else weight)

    def _stands_for_map(self, pieces: Pieces, case: Case) -> bool:
        """Whether the rules on 443 are there because the map cannot be asked; then they stand where it would be."""
        if not (self._portable and self._grouped and in_map_for_https(case)):
            return False
        return not _replaced(pieces, [step.template for step in HTTPS[case]])

    def kept_out_by(self, pieces: Pieces) -> str | None:
        """The label because of which the portable dialect keeps the service out of the map, if one does."""
        case = case_of(pieces.service)
        if not self._portable or not in_map_for_https(case):
            return None
        templates = [step.template for step in (*(HTTP[case] if in_map_for_http(case) else ()), *HTTPS[case])]
        return next((template for template in templates if pieces.override(template) is not None), None)

    def _on_http(self, pieces: Pieces, case: Case) -> bool:
        return in_map_for_http(case) and not (self._portable and _replaced(pieces, [s.template for s in HTTP[case]]))

    def _on_https(self, pieces: Pieces, case: Case) -> bool:
        if not in_map_for_https(case):
            return False
        return not (self._portable and (self._grouped or _replaced(pieces, [s.template for s in HTTPS[case]])))

    def _rule(self, pieces: Pieces, template: str) -> list[Fragment]:
        port = "443" if template == MAP_HTTPS else "80"
        if port in self._asked:
            return []
        self._asked.add(port)
        return [pieces.fragment(template, haproxy_dir=self._dir, hostname=pieces.service.vhosts[0])]

    def add_app(self, pieces: Pieces) -> bool:
        """Puts the app into the map of app ids; whether it is the first, which writes the rule."""
        first = not self._apps
        app_id = pieces.service.app.id
        key = app_id.lower() if self._portable else app_id
        self._apps[f"{key} {pieces.values['backend']}\n"] = None
        return first

    def files(self) -> dict[str, str]:
        """The texts of the map files by their names."""
        return {DOMAINS: "".join(self._domains), APPS: "".join(self._apps)}


def _replaced(pieces: Pieces, templates: list[str]) -> bool:
    return any(pieces.override(template) is not None for template in templates)
