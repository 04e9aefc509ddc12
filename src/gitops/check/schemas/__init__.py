"""Whether the API server would take each object: schemas, CEL rules, served versions."""

from gitops.check.index import ClusterRule

RULES: tuple[ClusterRule, ...] = ()
