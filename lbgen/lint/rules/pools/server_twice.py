"""A server stands in a backend of a pool more than once.

## What it does

Looks at the servers that the services of a backend come to.

## Why is this bad?

HAProxy refuses two servers of one name. lbgen writes it once, with the settings of the first service.

## Use instead

Services that do not overlap; `weight` belongs into `miscStr`.
"""
