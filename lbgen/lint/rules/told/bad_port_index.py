"""A health check is to be made on a port that the app does not have.

## What it does

Compares `HAPROXY_{n}_BACKEND_HEALTHCHECK_PORT_INDEX` with the services of the app, which it counts from 0, by
service port.

## Why is this bad?

Marathon-LB stops with a traceback, for all apps.

## Use instead

The rank of the port among the app's service ports.
"""
