"""A health check is made over TLS.

## What it does

Looks at services whose health check is HTTPS or MESOS_HTTPS.

## Why is this bad?

Marathon-LB checks in clear text, and the servers are down for it. The portable dialect checks over TLS.

## Use instead

Nothing has to be done.
"""
