"""A value of an Edge-LB label has blanks around it.

## What it does

Looks for blanks around the items of `edgelb.` labels.

## Why is this bad?

Edge-LB takes them for a part of the value.

## Use instead

No blanks around delimiters.
"""
