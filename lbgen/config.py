"""Settings: what a file says about how lbgen is run."""
