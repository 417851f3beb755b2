"""A rule of an app never applies, since another app has the same.

## What it does

Compares the rules of all groups on one port.

## Why is this bad?

The first one gets all of the requests.

## Use instead

Another host or path.
"""
