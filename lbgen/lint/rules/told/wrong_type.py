"""A value is of another type than Marathon or Edge-LB has it.

## What it does

Checks every field that lbgen reads against the type that it has in Marathon's and Edge-LB's definitions, and tells
all of them.

## Why is this bad?

What is of the wrong type cannot be used; the app, the pool or the task is left out.

## Use instead

The type that the message names. Labels are strings, also where they hold numbers: `"HAPROXY_0_PORT": "10001"`.
"""
