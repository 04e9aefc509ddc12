"""Selectors of labels.

Source: apimachinery `pkg/apis/meta/v1/validation`, ValidateLabelSelector.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping
from gitops.check.schemas import metadata
from gitops.check.schemas.problem import Pointer, Problem, conflict, required


def labels(selector: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is selected by label can be one."""
    yield from metadata.labels(mapping(selector.get("matchLabels")), (*at, "matchLabels"))


def requirement(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """An operator that compares has values, and one that looks for the label has none."""
    values, operator = listing(found.get("values")), found.get("operator")
    if operator in ("In", "NotIn") and not values:
        yield required((*at, "values"), f"where operator is {operator}")
    if operator in ("Exists", "DoesNotExist") and values:
        yield conflict((*at, "values"), f"may not be there where operator is {operator}")


RULES = (
    ("meta.v1.LabelSelector", labels),
    ("meta.v1.LabelSelectorRequirement", requirement),
)
