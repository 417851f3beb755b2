"""A password is asked for on the service port and on 9091 too.

## What it does

Looks at services with `HAPROXY_{n}_AUTH`.

## Why is this bad?

Marathon-LB asks for it on 80 and 443 only, and lets everybody in by the other doors. The portable dialect closes
them.

## Use instead

Nothing has to be done; who uses the service port needs the password now.
"""
