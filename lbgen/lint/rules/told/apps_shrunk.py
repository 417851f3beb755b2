"""Many of the apps are gone since the last configuration.

## What it does

Compares an answer of a live Marathon with what is served, where lbgen runs beside it; lint has nothing to compare.

## Why is this bad?

A Marathon that has just changed its leader, or lost its state, answers with few apps or with none. A load balancer that
believes it takes everybody off line. The answer is held back until a second one says the same.

## Use instead

Nothing has to be done where the apps are really gone: the next full answer confirms it. `--max-shrink` says how many
may go at once.
"""
