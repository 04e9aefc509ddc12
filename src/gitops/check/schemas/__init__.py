"""Whether the API server would take each object: schemas, CEL rules, served versions."""

from gitops.check.index import ClusterRule
from gitops.check.schemas import admission, choices, findings, permissions, serving, units

RULES: tuple[ClusterRule, ...] = (
    admission.unseen,
    choices.open_or_double,
    permissions.misspelt,
    units.unknown,
    serving.unserved,
    serving.unchecked,
    findings.refused,
)
