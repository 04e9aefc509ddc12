"""Every rule id that a finding may carry, whichever layer reports it, with its documentation."""

from gitops.check.catalogue import flux, objects
from gitops.check.rule import Rule

RULES: dict[str, Rule] = {
    rule.id: rule for rule in sorted((*flux.RULES, *objects.RULES), key=lambda rule: rule.id)
}
"""By id, sorted."""
