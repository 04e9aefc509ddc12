"""Label selectors, as Kubernetes evaluates them.

Source: k8s.io/apimachinery, LabelSelectorAsSelector: an empty selector selects everything.
"""

from collections.abc import Mapping

from gitops.check.fields import listing, mapping


def selects(selector: object, labels: Mapping[str, object]) -> bool:
    """Whether a LabelSelector selects an object with these labels."""
    found = mapping(selector)
    equal = mapping(found.get("matchLabels"))
    return all(labels.get(key) == value for key, value in equal.items()) and all(
        _holds(mapping(each), labels) for each in listing(found.get("matchExpressions"))
    )


def _holds(expression: Mapping[str, object], labels: Mapping[str, object]) -> bool:
    key, values = str(expression.get("key")), listing(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case _:
            return False
