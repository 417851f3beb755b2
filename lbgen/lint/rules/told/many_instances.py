"""An app has more instances than placeholders are planned for.

## What it does

Looks at `instances` of apps that are not deployed.

## Why is this bad?

A backend of that many servers takes longer to read than to use.

## Use instead

A number of instances that a cluster can run.
"""
