"""What a repository writes itself."""

from gitops.check.index import Owned


def writes(owned: Owned) -> bool:
    """Whether no chart renders an object. What is odd in a chart is for its author to mend."""
    return all(step.action != "helm" for step in owned.manifest.origin.steps)
