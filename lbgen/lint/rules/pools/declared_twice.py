"""Two things in a pool have one name.

## What it does

Compares names of frontends, backends, secrets, networks and cloud load balancers, and files of secrets. One port twice
is `port-clash`.

## Why is this bad?

Edge-LB refuses the pool.

## Use instead

A name of its own for each.
"""
