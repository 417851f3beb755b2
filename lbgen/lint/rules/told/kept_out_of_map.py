"""A service has rules of its own in place of the map.

## What it does

Looks at labels that replace the routing rule of a service where `--haproxy-map` is on.

## Why is this bad?

Marathon-LB would put the label's text in place of the map's rule, for everybody. The portable dialect keeps it to
the service.

## Use instead

Nothing has to be done.
"""
