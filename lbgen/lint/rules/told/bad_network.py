"""A network that may connect is none.

## What it does

Looks at each word of `HAPROXY_{n}_BACKEND_NETWORK_ALLOWED_ACL`.

## Why is this bad?

HAProxy refuses the whole file.

## Use instead

Addresses and networks by blanks: `10.0.0.0/8 192.0.2.7`.
"""
