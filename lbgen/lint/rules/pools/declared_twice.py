"""Two things in a pool have one name or one port.

## What it does

Compares names of frontends, backends, secrets, networks and cloud load balancers, files of secrets, and the ports of
frontends and statistics.

## Why is this bad?

Edge-LB refuses the pool.

## Use instead

A name, and a port, of its own for each.
"""
