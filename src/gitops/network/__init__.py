"""Router, switches and names: their configurations out of the facts of the estate, and the way of
the router's onto the router."""
