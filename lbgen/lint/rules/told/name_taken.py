"""Two services would have frontends or backends of one name.

## What it does

Compares the names of everything that is generated for a load balancer.

## Why is this bad?

HAProxy refuses two backends of one name. lbgen leaves out one of the two apps rather than all.

## Use instead

Another id, or another service port, makes another name.
"""
