"""The certificates of a TLS frontend are not shown to anybody.

## What it does

Looks at certificates of TLS frontends, which Edge-LB demands.

## Why is this bad?

TLS is passed on as it is: clients see the certificates of the servers.

## Use instead

HTTPS, if the load balancer should decrypt.
"""
