"""Every rule id that a finding may carry, whichever layer reports it, with its documentation."""

from importlib import import_module

from gitops.check.rule import Rule

_AREAS = """
alert archive bootstrap certificate configuration estate flux gateway generate helm identities
ignore kustomize lock mesh monitor objects order platform policy query relations repository
schemas services signon sops storage talos vault workloads yaml
"""
"""The modules beside this one, each named once."""


def _of(area: str) -> tuple[Rule, ...]:
    rules: tuple[Rule, ...] = import_module(f"{__name__}.{area}").RULES
    return rules


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in sorted(
        (each for area in _AREAS.split() for each in _of(area)), key=lambda each: each.id
    )
}
"""By id, sorted."""
