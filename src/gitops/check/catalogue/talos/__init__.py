"""Rules about what the machines are configured with."""

from gitops.check.catalogue.talos import kubernetes, machines

RULES = (*kubernetes.RULES, *machines.RULES)
