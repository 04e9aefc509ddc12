"""Selectors of labels.

Source: apimachinery `pkg/apis/meta/v1/validation`, ValidateLabelSelector.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import metadata, names
from gitops.check.schemas.problem import Pointer, Problem, conflict, required, wrong


def labels(selector: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is selected by label can be one."""
    yield from metadata.labels(mapping(selector.get("matchLabels")), (*at, "matchLabels"))


def requirement(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """An operator that compares has values, and one that looks for the label has none."""
    given, operator = listing(found.get("values")), found.get("operator")
    if operator in ("In", "NotIn") and not given:
        yield required((*at, "values"), f"where operator is {operator}")
    if operator in ("Exists", "DoesNotExist") and given:
        yield conflict((*at, "values"), f"may not be there where operator is {operator}")


def values(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What a label is compared with can be a value of one."""
    for number, value in enumerate(listing(found.get("values"))):
        if value and not names.is_name(text(value)):
            yield wrong((*at, "values", number), f"{value!r} is no value of a label")


RULES = (
    ("meta.v1.LabelSelector", labels),
    ("meta.v1.LabelSelectorRequirement", requirement),
    ("meta.v1.LabelSelectorRequirement", values),
)
