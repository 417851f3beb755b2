"""Two labels of an app contradict each other, and no pool can have both.

## What it does

Looks at the `edgelb.` labels of all tasks that share a frontend.

## Why is this bad?

What cannot be had is left out of the pool.

## Use instead

One value for all, or a port of its own.
"""
