"""Lint: what is wrong with apps, pools, fleets and configurations, by rules with a manual page each."""
