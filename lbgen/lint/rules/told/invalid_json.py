"""A document is not JSON.

## What it does

Reads the document to its end, and says where it stops being JSON.

## Why is this bad?

Nothing in it was looked at, and Marathon would not take it.

## Use instead

What the message says; commas behind the last member and comments are the usual reasons.
"""
