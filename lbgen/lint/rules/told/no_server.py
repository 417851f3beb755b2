"""No task serves a port.

## What it does

Looks at services of a load balancer that have no task.

## Why is this bad?

Nothing is written for them: clients get a refused connection or 503. It is as it should be for a suspended app.

## Use instead

Start the app; look at its health where it runs.
"""
