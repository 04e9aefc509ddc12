"""A result in, text out."""
