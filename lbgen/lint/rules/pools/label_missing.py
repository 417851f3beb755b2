"""An app lacks a label without which there is no frontend for it.

## What it does

Looks at the `edgelb.` labels of a task: TCP needs a port, HTTPS a certificate.

## Why is this bad?

The group is left out of the pool.

## Use instead

Add the label that the message names.
"""
