"""What is derived from the facts of the estate, and whether the repository holds it."""
