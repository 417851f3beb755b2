"""A listener of a cloud load balancer names a frontend that the pool does not have.

## What it does

Compares `linkFrontend` with the names of the frontends; without a name of its own a frontend is called
`frontend_<address>_<port>`.

## Why is this bad?

Nothing stands behind the listener: clients get no answer.

## Use instead

The name of a frontend of this pool.
"""
