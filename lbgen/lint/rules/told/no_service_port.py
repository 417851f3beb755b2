"""An app of the group has no service port.

## What it does

Looks at `portDefinitions`, `portMappings` and `ports` of apps that a load balancer is asked for.

## Why is this bad?

Labels count by service ports: without one nothing is written for the app.

## Use instead

Give it a port definition, or a port mapping with a `servicePort`.
"""
