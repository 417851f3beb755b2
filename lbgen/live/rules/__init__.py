"""Lines at which HAProxy gives up reading, if it refuses them: what becomes of them, as far as that can be foreseen."""
