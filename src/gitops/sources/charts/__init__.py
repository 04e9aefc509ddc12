"""Helm charts: read from folders and archives, kept in a store, pulled from registries."""
