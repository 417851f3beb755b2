"""public-node-ports: load balancers are asked about ports that one of them has, and about no others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen.lint.rules.ports import public_node_ports
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_BALANCERS = 10


def pool(number: int) -> dict[str, Any]:
    frontend = {"bindPort": 8000 + number, "protocol": "HTTP", "linkBackend": {"defaultBackend": "web"}}
    endpoint = {"type": "ADDRESS", "address": "192.0.2.1", "port": 80}
    haproxy = {
        "stats": {"bindPort": 30100 + number},
        "frontends": [frontend],
        "backends": [{"name": "web", "protocol": "HTTP", "services": [{"endpoint": endpoint}]}],
    }
    return {"apiVersion": "V2", "name": f"edge-{number}", "role": "slave_public", "haproxy": haproxy}


def service(node_port: int) -> str:
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: web-{node_port}}}\n"
        f"spec: {{type: NodePort, ports: [{{port: 80, nodePort: {node_port}}}]}}\n"
    )


def test_of_ports_that_nobody_has_no_load_balancer_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "options.json").write_text(json.dumps({"kubernetes": {"public_node_count": 2}}))
    for number in range(_BALANCERS):
        (tmp_path / f"pool-{number}.json").write_text(json.dumps(pool(number)))
    (tmp_path / "services.yaml").write_text("---\n".join(map(service, [30100, *range(30200, 30250)])))
    clashes, asked = public_node_ports._clashes, []

    def counting(*about: Any) -> bool:
        asked.append(about)
        return clashes(*about)

    monkeypatch.setattr(public_node_ports, "_clashes", counting)
    found = lint([str(tmp_path)], Options(groups=())).findings
    told = [each.message for each in found if each.rule == "public-node-ports" and "is taken" in each.message]
    assert told == ["port 30100 (a NodePort of Kubernetes) is taken on public nodes that run beside the pool edge-0"]
    assert len(asked) == _BALANCERS
