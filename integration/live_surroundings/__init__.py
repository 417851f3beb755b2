"""Status, metrics, logs and the endpoints of port 9090 of a live load balancer."""
