"""Frozen data that every layer speaks: no input, no output, no clock."""
