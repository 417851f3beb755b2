"""HAProxy under lbgen: started, adopted and reloaded under load, and changed through its runtime API."""
