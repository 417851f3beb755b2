"""An object has one key twice.

## What it does

Looks at all objects of JSON and YAML documents.

## Why is this bad?

The last value counts and the first one does not, which nobody sees who reads from the top.

## Use instead

Drop one of the two.
"""
