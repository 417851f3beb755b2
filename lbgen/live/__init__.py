"""A load balancer that follows a live Marathon: what it reads, how it decides, and the HAProxy that it runs."""
