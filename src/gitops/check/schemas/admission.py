"""Fields that admission policies look at.

Source: Kubernetes, ValidatingAdmissionPolicy, "Type checking": the API server writes into a status
that a field does not exist, and lets the policy be. `has()` of such a field is always false.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.schemas.builtin import Schema
from gitops.check.schemas.cel import syntax
from gitops.check.schemas.cel.syntax import Call, Item, ListOf, MapOf, Name, Select, Tree
from gitops.check.schemas.cel.values import CelError
from gitops.check.schemas.definitions import definitions
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_GROUP = "admissionregistration.k8s.io"
_OBJECTS = ("object", "oldObject")
_PARTS = ("matchConditions", "validations", "variables")

Way = tuple[str | int, ...]


def unseen(facts: Index) -> Iterator[Finding]:
    """Every field that a policy looks at is one of a kind that it is for.

    Nothing is said of a policy for kinds that Kubernetes itself does not have.
    """
    for owned in facts.of(_GROUP, "ValidatingAdmissionPolicy"):
        schemas = _schemas(facts, owned)
        for way, expression in _expressions(facts, owned) if schemas else ():
            for steps in dict.fromkeys(_looked_at(expression)):
                lost = [_lost(schema, steps) for schema in schemas]
                if lost and all(lost):
                    spot = Spot(facts, owned, way)
                    yield spot.warning(
                        "schema/policy-field",
                        f"{spot.who} looks at {lost[0]}, which none of the kinds has that it is "
                        "for: the rule never holds, or always",
                        "correct the name of the field",
                    )


def _schemas(facts: Index, owned: Owned) -> list[Schema]:
    """The schemas of all kinds that a policy is for; none where one of them is not known."""
    builtin = facts.view(definitions).builtin
    found: list[Schema] = []
    rules = at(facts.body(owned.manifest), "spec", "matchConstraints", "resourceRules")
    for rule in map(mapping, listing(rules)):
        for group in listing(rule.get("apiGroups")):
            for version in listing(rule.get("apiVersions")):
                for resource in listing(rule.get("resources")):
                    schema = builtin.served(str(group), str(version), str(resource))
                    if schema is None:
                        return []
                    found.append(schema)
    return found


def _expressions(facts: Index, owned: Owned) -> Iterator[tuple[Way, Tree]]:
    spec = mapping(facts.body(owned.manifest).get("spec"))
    for part in _PARTS:
        for position, each in enumerate(listing(spec.get(part))):
            try:
                tree = syntax.parse(text(mapping(each).get("expression")))
            except CelError:
                continue
            yield ("spec", part, position, "expression"), tree


def _looked_at(tree: Tree) -> Iterator[tuple[str, ...]]:
    """The ways to fields of the object, `[]` standing for an element; the longest of each."""
    if steps := _steps(tree):
        yield steps
    for each in _inside(tree):
        yield from _looked_at(each) if not (steps and each is _operand(tree)) else ()


def _operand(tree: Tree) -> Tree | None:
    return tree.operand if isinstance(tree, Select | Item) else None


def _inside(tree: Tree) -> tuple[Tree, ...]:
    match tree:
        case Select(operand):
            return (operand,)
        case Item(operand, index):
            return (operand, index)
        case Call(_, arguments, target):
            return (*arguments, *((target,) if target else ()))
        case ListOf(elements):
            return elements
        case MapOf(entries):
            return tuple(each for pair in entries for each in pair)
        case _:
            return ()


def _steps(tree: Tree) -> tuple[str, ...]:
    match tree:
        case Name(name) if name in _OBJECTS:
            return (name,)
        case Select(operand, field):
            before = _steps(operand)
            return (*before, field) if before else ()
        case Item(operand):
            before = _steps(operand)
            return (*before, "[]") if before else ()
        case _:
            return ()


def _lost(schema: dict[str, Any], steps: tuple[str, ...]) -> str:
    """The way to the first field that the schema does not have; "" where it may have all."""
    name, *rest = steps
    held: Any = schema
    for number, step in enumerate(rest, 1):
        known = held.get("properties")
        if step != "[]" and known and step not in known:
            return ".".join((name, *rest[:number])).replace(".[]", "[]")
        inner = known.get(step) if known else held.get("additionalProperties")
        held = held.get("items") or inner if step == "[]" else inner
        if not isinstance(held, dict):
            return ""
    return ""
