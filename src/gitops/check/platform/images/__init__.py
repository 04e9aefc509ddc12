"""Images of containers: whether their names can be read and mean one thing."""
