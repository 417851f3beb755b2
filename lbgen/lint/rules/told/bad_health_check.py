"""A health check cannot be made HAProxy's.

## What it does

Looks at the fields of health checks that lines of HAProxy are made of.

## Why is this bad?

HAProxy refuses the whole file, or Marathon-LB stops with a traceback.

## Use instead

What the message says of the field.
"""
