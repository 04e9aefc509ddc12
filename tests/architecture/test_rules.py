"""Every rule id that a finding can carry is documented; test_refused.py has each reported."""

import ast
import re
from collections.abc import Iterator

from gitops.check.catalogue import RULES
from tests.architecture import project

ID = re.compile(r"[a-z][a-z0-9-]*/[a-z][a-z0-9-]*")
REPORTERS = {"error", "warning", "note", "problem", "absent", "Finding"}
"""What makes a finding; its first argument is the rule."""

HINTED = {"error", "warning", "about"}
"""What makes a finding that has to have a way out; three arguments at least come before it."""


def code() -> dict[str, ast.Module]:
    """The modules that report findings."""
    return {p: module for p, module in project.modules().items() if "/catalogue/" not in p}


def reported() -> dict[str, str]:
    """Rule ids in calls that make a finding, with a place where each is."""
    return {
        rule: f"{path}:{call.lineno}"
        for path, module in code().items()
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and call.args and _called(call) in REPORTERS
        for rule in _ids(call.args[0])
    }


def mentioned() -> set[str]:
    """Texts that look like a rule id of an area that the catalogue has."""
    areas = tuple({f"{rule.partition('/')[0]}/" for rule in RULES})
    return {rule for module in code().values() for rule in _ids(module) if rule.startswith(areas)}


def test_every_reported_rule_is_in_the_catalogue() -> None:
    assert {rule: place for rule, place in reported().items() if rule not in RULES} == {}


def test_the_catalogue_holds_what_is_reported_and_nothing_else() -> None:
    assert mentioned() == set(RULES)


def test_no_mistake_is_reported_without_a_way_out() -> None:
    """The types ask for a hint; an empty one would be none."""
    empty = [
        f"{path}:{call.lineno}"
        for path, module in code().items()
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and _called(call) in HINTED
        if any(isinstance(each, ast.Constant) and each.value == "" for each in call.args[3:])
    ]
    assert empty == []


def test_every_rule_is_documented_in_whole_sentences() -> None:
    for rule in RULES.values():
        assert ID.fullmatch(rule.id)
        assert re.fullmatch(r"[^a-z].*[^.]", rule.title), rule.id
        assert rule.rationale.endswith("."), rule.id
        assert rule.fix.endswith("."), rule.id
        assert rule.example.strip(), rule.id


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _ids(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        match inner:
            case ast.Constant(value=str(text)) if ID.fullmatch(text):
                yield text
