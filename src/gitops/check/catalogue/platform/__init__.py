"""Rules about whether the estate holds together."""

from gitops.check.catalogue.platform import addresses, bgp, mesh, podsecurity
from gitops.check.rule import Rule

_SUBJECTS = (addresses, bgp, mesh, podsecurity)

RULES: tuple[Rule, ...] = tuple(each for subject in _SUBJECTS for each in subject.RULES)
