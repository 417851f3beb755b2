"""A vhost is given to a service in tcp mode.

## What it does

Looks at services in tcp mode that have vhosts.

## Why is this bad?

HAProxy refuses an HTTP frontend that sends to a TCP backend, for all apps. The portable dialect leaves the rules
out; the service port works.

## Use instead

`HAPROXY_{n}_MODE` of `http`, or no vhost.
"""
