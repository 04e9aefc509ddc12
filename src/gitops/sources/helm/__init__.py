"""Helm: the worker process that renders charts, and the `helm` program in its place."""
