"""An app has more service ports than are taken.

## What it does

Counts the service ports of each app.

## Why is this bad?

A load balancer with thousands of frontends for one app is a mistake, or meant to hurt.

## Use instead

Split the app.
"""
