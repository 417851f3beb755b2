"""A service cannot go over to Edge-LB as it is.

## What it does

Looks for what protects or leads, and has no counterpart.

## Why is this bad?

A door that would stand open, or lead elsewhere, stays closed instead.

## Use instead

`--lossy` converts it all the same, without what the message names.
"""
