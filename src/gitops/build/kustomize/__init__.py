"""Kustomize in Python: a kustomization folder in, its resources with their origins out."""
