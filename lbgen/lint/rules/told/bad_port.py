"""A service port is no port.

## What it does

Looks at the service port that is left when all labels are read.

## Why is this bad?

HAProxy refuses the whole file.

## Use instead

A number from 1 to 65535.
"""
