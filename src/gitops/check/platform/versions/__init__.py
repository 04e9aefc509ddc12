"""Versions: whether they work together, and for how long they are maintained."""
