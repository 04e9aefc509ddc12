"""Whether the API server would take each object: schemas, CEL rules, served versions."""

from gitops.check.index import ClusterRule
from gitops.check.schemas import findings, serving

RULES: tuple[ClusterRule, ...] = (findings.refused, serving.unserved, serving.unchecked)
