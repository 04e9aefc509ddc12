"""Objects and namespaces that alerts and dashboards name."""

import re
from collections.abc import Iterator
from functools import partial

from gitops.check.index import Index
from gitops.check.traffic import sight
from gitops.check.traffic.promql import expressions
from gitops.check.traffic.promql.expressions import Matcher, Selector
from gitops.check.traffic.questions import Questions
from gitops.model.finding import Finding

_KINDS = {
    "cronjob": ("batch", "CronJob"),
    "daemonset": ("apps", "DaemonSet"),
    "deployment": ("apps", "Deployment"),
    "horizontalpodautoscaler": ("autoscaling", "HorizontalPodAutoscaler"),
    "persistentvolumeclaim": ("", "PersistentVolumeClaim"),
    "poddisruptionbudget": ("policy", "PodDisruptionBudget"),
    "statefulset": ("apps", "StatefulSet"),
}
"""The labels by which kube-state-metrics names objects, in series of the same name."""

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_BUILT_IN = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})


def absent(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """An object that is asked for by name, and a namespace, are there.

    Source: kube-state-metrics, docs/metrics: `kube_<kind>_...` has the name in the label `<kind>`.
    """
    for facts in indexes:
        for question in facts.view(Questions).all:
            for selector in expressions.selectors(question.expression):
                for matcher in (each for some in selector.matchers for each in some):
                    what = _absent(indexes, selector, matcher)
                    if what:
                        yield sight.weighed(
                            indexes,
                            question.spot(facts),
                            "query/object-missing",
                            f"{question.owned.manifest.id}: {question.whose} is about {what} "
                            f"{matcher.value!r}, which does not exist",
                            "correct the name",
                            matcher.value,
                        )


def _absent(indexes: tuple[Index, ...], selector: Selector, matcher: Matcher) -> str:
    if matcher.sign not in {"=", "=~"} or not matcher.value or "$" in matcher.value.rstrip("$"):
        return ""
    if matcher.label == "namespace":
        names = {name for facts in indexes for name in facts.view(_namespaces)}
        is_name = matcher.sign == "=~" or _NAMESPACE.fullmatch(matcher.value)
        return "" if not is_name or _any(matcher, names) else "namespace"
    kind = _KINDS.get(matcher.label)
    if kind is None or not selector.name.startswith(f"kube_{matcher.label}_"):
        return ""
    names = {each.manifest.id.name for facts in indexes for each in facts.of(*kind)}
    return "" if _any(matcher, names) else kind[1]


def _any(matcher: Matcher, names: set[str]) -> bool:
    if matcher.sign == "=":
        return matcher.value in names
    try:
        fits = partial(re.fullmatch, re.compile(matcher.value))
    except re.error:
        return True
    return any(fits(name) for name in names)


def _namespaces(facts: Index) -> frozenset[str]:
    return _BUILT_IN | facts.namespaces.keys() | {key[2] for key in facts.known}
