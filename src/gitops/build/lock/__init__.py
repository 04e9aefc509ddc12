"""Locks: the facts of a rendered release, as text in the repository and as objects again."""
