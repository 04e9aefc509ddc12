"""Whether an error can be proved from what the repository itself holds."""

from collections.abc import Iterable, Iterator
from importlib import import_module

import msgspec

from gitops.check.index import Index
from gitops.check.rule import Ground, Rule
from gitops.model.build import Locked, Rendered
from gitops.model.finding import Finding, Severity
from gitops.model.secret import holds_placeholder


def weighed(indexes: tuple[Index, ...], found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings; an error whose rule needs more than is given is a warning, and one that is
    about a value which only stands for another."""
    by_name = {own.cluster.name: (own,) for own in indexes}
    guessed = _guessed(indexes)

    def is_proved(each: Finding) -> bool:
        about = by_name.get(each.cluster, indexes)
        known = each.cluster not in guessed and not holds_placeholder(each.message)
        return known and all(_proves(one, each) for one in about)

    for each in found:
        if each.severity is Severity.ERROR and not is_proved(each):
            yield msgspec.structs.replace(each, severity=Severity.WARNING)
        else:
            yield each


def _guessed(indexes: tuple[Index, ...]) -> frozenset[str]:
    """The folders that nobody named and nothing starts Flux with, beside such as something does:
    perhaps there is no such cluster any more, or not yet."""
    implied = frozenset(own.cluster.name for own in indexes if own.is_start_implied)
    some = len(implied) < len(indexes) and not any(own.knowledge.named for own in indexes)
    return implied if some else frozenset()


def _proves(facts: Index, found: Finding) -> bool:
    match _ground(found.rule):
        case Ground.ITSELF:
            return True
        case Ground.STARTED:
            return tells_outside(facts) or not facts.is_start_implied
        case Ground.OUTSIDE:
            return tells_outside(facts)
        case Ground.WHOLE:
            namespace = found.subject.namespace if found.subject else ""
            return tells_outside(facts) and is_seen(facts, namespace)


def _ground(rule: str) -> Ground:
    # The catalogue takes 10 ms to load, and who has no errors needs none of it.
    known: Rule | None = import_module("gitops.check.catalogue").RULES.get(rule)
    return known.ground if known else Ground.ITSELF


def tells_outside(facts: Index) -> bool:
    """Whether the repository tells what is made by hand: `outside` in gitops.toml names it, and of
    an estate everything is known."""
    told = facts.knowledge
    return told.outside_told or bool(told.outside) or told.estate is not None


def is_seen(facts: Index, namespace: str) -> bool:
    """Whether no unit or release that is not known may have an object in a namespace."""
    return not facts.hiding(namespace) and namespace not in facts.view(_unseen)


def _unseen(facts: Index) -> frozenset[str]:
    """The namespaces that releases go to whose objects are not known."""
    outcomes = {unit.id.key: unit.outcome for unit in facts.cluster.units}
    return frozenset(
        found.spec.target_namespace or found.id.namespace
        for found in facts.releases
        if not isinstance(outcomes.get(found.id.key), Rendered | Locked)
    )
