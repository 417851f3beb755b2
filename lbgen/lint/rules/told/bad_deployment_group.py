"""The labels of a deployment do not go together.

## What it does

Looks at `HAPROXY_DEPLOYMENT_*` of the two apps of a deployment group.

## Why is this bad?

Marathon-LB stops with a traceback, for all apps. lbgen leaves the colour out.

## Use instead

What tools for blue/green deployments write: group, started at, target instances, new instances.
"""
