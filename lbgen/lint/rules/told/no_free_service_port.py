"""No service port is left for an app that has none yet.

## What it does

Plans a service port for every app that is not deployed, out of the range that Marathon chooses from.

## Why is this bad?

Marathon would refuse the deployment, as all ports of the range are taken.

## Use instead

A port of its own for the app, or a wider range: `--service-ports`.
"""
