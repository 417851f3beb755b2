"""Definitions that expose the API of a Kubernetes cluster, and what belongs to using it through a load balancer."""
