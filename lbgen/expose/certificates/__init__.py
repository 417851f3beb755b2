"""The certificates of Kubernetes' aggregation layer: made, and looked at."""
