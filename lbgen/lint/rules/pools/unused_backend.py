"""No frontend of a pool names one of its backends.

## What it does

Looks for backends that are neither a `defaultBackend` nor in a rule.

## Why is this bad?

Edge-LB refuses the pool.

## Use instead

Name it in a frontend, or leave it out.
"""
