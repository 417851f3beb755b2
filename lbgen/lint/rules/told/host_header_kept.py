"""A path is cut off, and the Host header is left as it is.

## What it does

Looks at `HAPROXY_{n}_HTTP_BACKEND_PROXYPASS_PATH` of services that do not have exactly one vhost.

## Why is this bad?

Marathon-LB would send `Host: None`, or all vhosts as one. The portable dialect sends what the client sent.

## Use instead

One vhost, where the task needs its name.
"""
