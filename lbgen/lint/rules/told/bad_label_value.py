"""A label's value is none that the label can have.

## What it does

Reads every label by its row of the label table. Rules with a name of their own tell the usual mistakes; this one
tells the others.

## Why is this bad?

Marathon-LB stops at some of these values with a traceback, for all apps, and writes others into the configuration
as they are. lbgen leaves the app out, and serves the others.

## Use instead

The message says what the value should be; `lbgen schema app` has all labels with their meaning.
"""
