"""A pool lacks a value that it must have.

## What it does

Looks for what Edge-LB demands: names, protocols, ports, certificates of HTTPS and TLS frontends, at least one service
of a backend, what selects the tasks of a service, and its port.

## Why is this bad?

Edge-LB refuses the pool.

## Use instead

Add the member that the message names.
"""
