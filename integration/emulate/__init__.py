"""A load balancer to try, as `lbgen emulate` starts it."""
