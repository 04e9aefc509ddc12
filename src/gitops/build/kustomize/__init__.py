"""Kustomize in Python: a kustomization folder in, its resources with their origins out."""

from gitops.build.kustomize.engine import Result, build
from gitops.build.kustomize.kustomization import KustomizationFile
from gitops.build.kustomize.state import RemoteBases

__all__ = ["KustomizationFile", "RemoteBases", "Result", "build"]
