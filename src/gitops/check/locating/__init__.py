"""Finds the line of the repository that decides a field of an object."""

from gitops.check.locating.following import existing
from gitops.check.locating.place import Locator

__all__ = ["Locator", "existing"]
