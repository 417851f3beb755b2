"""No app is in the group of the load balancer.

## What it does

Compares `HAPROXY_GROUP` and `HAPROXY_{n}_GROUP` of all apps with the groups that are asked for.

## Why is this bad?

The configuration would be empty: every service would go away.

## Use instead

`--group` with the group that the apps have.
"""
