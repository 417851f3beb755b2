"""An Edge-LB label of an app is replaced by what conversion makes.

## What it does

Looks for `edgelb.` labels that are there already.

## Why is this bad?

What it said is lost.

## Use instead

Compare the two, and keep the right one.
"""
