"""What somebody who exposes an API needs to know and to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.expose.apiserver import SSL_CERT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.expose.apiserver import ApiServer
    from lbgen.ports.package_options import PackageOptions
    from lbgen.ports.taken import PortSet

NODE = "PUBLIC-NODE"
"""What stands for the address of a public node, which no definition knows."""


def kubeconfig(api: ApiServer) -> str:
    """The cluster's entry in a kubeconfig, as YAML."""
    host = api.sni or NODE
    lines = ["clusters:", f"- name: {api.service_name}", "  cluster:", f"    server: https://{host}:{api.port}"]
    if api.passthrough:
        lines += ["    certificate-authority: ca.crt  # of the Kubernetes cluster"]
        lines += [] if api.sni else [f"    tls-server-name: {api.host}"]
    elif api.ssl_cert != SSL_CERT:
        lines += [f"    certificate-authority: ca.crt  # who has signed {api.ssl_cert}"]
    else:
        lines += ["    insecure-skip-tls-verify: true  # the load balancer's certificate is self-signed"]
    return "".join(f"{line}\n" for line in lines)


def next_commands(via: str, file: str, options: str | None) -> Iterator[str]:
    """What to run now; `file` is where the definition is, and `options` where those of the package are."""
    yield f"lbgen lint {file}"
    if options is not None:
        yield f"lbgen ports check {options} {file}"
    if via == "edge-lb":
        yield f"lbgen haproxy from-pool {file} --check auto"
        yield f"dcos edgelb create {file}"
    else:
        yield f"lbgen haproxy from-app {file} --check auto"
        yield f"dcos marathon app add {file}"


def remarks(api: ApiServer, options: PackageOptions | None, taken: PortSet) -> Iterator[str]:
    """What is to be known of such a definition, a sentence each; `taken` are the ports of its load balancer."""
    if api.passthrough:
        yield "TLS is passed through: clients see the API server's certificate, and their own reach it"
        if api.sni:
            yield f"connections that ask for another host name than {api.sni} are closed"
    else:
        yield (
            "the load balancer ends TLS, so no client certificate reaches the API server: use bearer tokens, or"
            " --passthrough"
        )
        if api.verify == "none":
            yield "nobody verifies the API server's certificate; --verify ca does"
    if options is not None and options.public_node_count:
        count = options.public_node_count
        nodes = "one public node" if count == 1 else f"{count} public nodes"
        yield f"the cluster has {nodes}: where one runs beside the load balancer, workloads cannot use {taken}"
