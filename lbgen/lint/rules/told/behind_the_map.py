"""A service's rule stands behind the map.

## What it does

Looks at services of negative weight where `--haproxy-map` is on.

## Why is this bad?

In Marathon-LB no rule behind the map is ever asked. The portable dialect asks the map only for the hosts that it
knows.

## Use instead

A weight of 0 or more puts the rule in front of the map.
"""
