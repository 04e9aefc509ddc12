"""Rules about whether the estate holds together."""

from gitops.check.catalogue.platform import (
    addresses,
    availability,
    bgp,
    capacity,
    images,
    keeping,
    mesh,
    network,
    podsecurity,
    versions,
)
from gitops.check.rule import Rule

_SUBJECTS = (
    addresses,
    availability,
    bgp,
    capacity,
    images,
    keeping,
    mesh,
    network,
    podsecurity,
    versions,
)

RULES: tuple[Rule, ...] = tuple(each for subject in _SUBJECTS for each in subject.RULES)
