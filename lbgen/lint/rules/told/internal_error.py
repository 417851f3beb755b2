"""lbgen failed at an input.

## What it does

Catches what should not happen while an app or a rule is worked on, so that the others go on.

## Why is this bad?

What the app is, or what the rule had to say, is not known.

## Use instead

Please report it, with the input.
"""
