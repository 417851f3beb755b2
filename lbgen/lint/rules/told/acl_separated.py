"""A service has an ACL by a name of its own.

## What it does

Compares the ACLs of services whose names Marathon-LB would make alike.

## Why is this bad?

Under one name HAProxy takes either list of hosts for both. The portable dialect keeps them apart, and says so.

## Use instead

Nothing has to be done; `--dialect marathon-lb` writes what Marathon-LB would.
"""
