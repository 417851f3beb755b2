"""The HAProxy that serves: started or reloaded, and changed through its runtime API where no reload is needed."""
