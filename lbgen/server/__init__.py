"""The API that Edge-LB served: pools kept, rendered, and told of over HTTP."""
