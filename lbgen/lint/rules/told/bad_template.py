"""A template cannot be filled in, or would leave its place.

## What it does

Reads every template that a label or the operator replaces, fills it in, and looks at the lines that come of it.

## Why is this bad?

What HAProxy cannot read, or what opens a section of somebody else, would break or change the configuration of all
apps. The app is left out.

## Use instead

`lbgen explain-templates` says which templates an app uses and what each may hold.
"""
