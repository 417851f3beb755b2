"""An Edge-LB label of an app does nothing.

## What it does

Looks for `edgelb.` labels that others replace, and for rules on TCP.

## Why is this bad?

It looks as if it were in force.

## Use instead

Leave it out, or change what replaces it.
"""
