"""A client of the API that Edge-LB serves, as `dcos edgelb` is one: what is asked, and how answers are shown."""
