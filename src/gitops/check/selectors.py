"""Label selectors.

Source: apimachinery, metav1.LabelSelectorAsSelector: all requirements hold together, an empty
selector matches everything, `NotIn` and `DoesNotExist` match objects without the label.
"""

from collections.abc import Mapping
from typing import Any

from gitops.check.fields import listing, mapping


def matches(selector: object, labels: Mapping[str, Any]) -> bool:
    """Whether a `metav1.LabelSelector` matches."""
    found = mapping(selector)
    wanted = mapping(found.get("matchLabels"))
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_holds(mapping(each), labels) for each in listing(found.get("matchExpressions")))


def _holds(requirement: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    key, values = str(requirement.get("key")), listing(requirement.get("values"))
    match requirement.get("operator"):
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return key not in labels or labels[key] not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case _:
            return False


def keys(selector: Mapping[str, Any]) -> set[str]:
    """The labels that a selector looks at."""
    expressions = listing(selector.get("matchExpressions"))
    return {
        *mapping(selector.get("matchLabels")),
        *(str(mapping(e).get("key")) for e in expressions),
    }


def shown(selector: Mapping[str, Any]) -> str:
    """The selector as `kubectl -l` takes it."""
    pairs = [f"{key}={value}" for key, value in mapping(selector.get("matchLabels")).items()]
    expressions = [mapping(each) for each in listing(selector.get("matchExpressions"))]
    return ",".join([*pairs, *map(_shown, expressions)]) or "everything"


def _shown(requirement: Mapping[str, Any]) -> str:
    key, operator = requirement.get("key"), str(requirement.get("operator"))
    values = ",".join(map(str, listing(requirement.get("values"))))
    match operator:
        case "Exists":
            return f"{key}"
        case "DoesNotExist":
            return f"!{key}"
        case _:
            return f"{key} {operator.lower()} ({values})"
