"""A frontend names a backend that the pool does not have.

## What it does

Compares `defaultBackend` and the `backend` of every rule with the names of the backends.

## Why is this bad?

Edge-LB refuses the pool, and HAProxy such a file.

## Use instead

The name of a backend of this pool.
"""
