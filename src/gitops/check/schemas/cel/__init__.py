"""The Common Expression Language with the functions that Kubernetes adds, for rules of schemas."""

from gitops.check.schemas.cel.program import compiled
from gitops.check.schemas.cel.values import CelError

__all__ = ["CelError", "compiled"]
