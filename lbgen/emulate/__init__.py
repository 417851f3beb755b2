"""A running load balancer for app definitions and pools, with a stand-in for each task: to try and to show."""
