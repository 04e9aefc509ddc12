"""A Flux repository is a program; this package compiles, proves and explains it."""

__version__ = "0.1.0"
