"""Whether what an object names is there: configuration, identities, storage, services."""

from gitops.check.index import ClusterRule

RULES: tuple[ClusterRule, ...] = ()
