"""Whether the API server would take each object: schemas, CEL rules, served versions."""

from gitops.check.index import ClusterRule
from gitops.check.schemas import choices, findings, serving

RULES: tuple[ClusterRule, ...] = (
    choices.open_or_double,
    findings.refused,
    serving.unserved,
    serving.unchecked,
)
