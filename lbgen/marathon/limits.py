"""How much of everything is taken: beyond it an app is no app any more, and would take the others' memory and time."""

from __future__ import annotations

MOST_CHARACTERS_OF_ID = 4_000
"""HAProxy finds no backend by a name of some ten thousand characters."""

MOST_PORTS = 1_000
"""Service ports of an app."""

MOST_NAMES = 10_000
"""Vhosts, or networks, of a service."""

MOST_SERVERS = 20_000
"""Servers of a service: their numbers are chosen by hash, and end at 32,766."""

MOST_SERVERS_OF_APP = 1_000_000
"""Servers of all services of an app."""

MOST_SERVICES = 250_000
"""Services of a fleet."""

MOST_CHARACTERS_IN_LINE = 10_000
"""Characters of a template that is a part of each server's line."""

MOST_FAULTS_TOLD = 1_000
"""Apps of a document, and values of an app, that are not what they should be and are told one by one."""

MOST_LABELS_TOLD = 20
"""Labels of an app that say nothing and are told one by one."""

MOST_LINES_TOLD = 50
"""Lines of an app's templates that are told one by one, of one kind."""
