"""What makes pods: Deployments, StatefulSets, DaemonSets, ReplicaSets, Jobs and CronJobs.

Source: Kubernetes `pkg/apis/apps/validation` and `pkg/apis/batch/validation`.
"""

import re
from collections.abc import Iterator
from typing import Any

from gitops.check import selectors
from gitops.check.fields import at as field
from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import names
from gitops.check.schemas.problem import (
    Fault,
    Pointer,
    Problem,
    conflict,
    duplicate,
    required,
    wrong,
)
from gitops.check.schemas.strategy import shares, zones
from gitops.model import cron

_ZONE = re.compile(r"[A-Za-z0-9_.+-]{1,14}(?:/[A-Za-z0-9_.+-]{1,14})*\Z")
_DESCRIPTORS = re.compile(
    r"@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)\Z|@every \S+\Z"
)


def selection(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A controller finds the pods that it makes."""
    selector = mapping(spec.get("selector"))
    if spec.get("selector") is None:
        return
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        yield wrong((*at, "selector"), "may not be empty")
        return
    labels = mapping(field(spec, "template", "metadata", "labels"))
    if not selectors.matches(selector, labels):
        pairs = mapping(selector.get("matchLabels")).items()
        missing = next((key for key, value in pairs if labels.get(key) != value), None)
        way = ("matchExpressions",) if missing is None else ("matchLabels", missing)
        has = ", ".join(f"{key}={value}" for key, value in sorted(labels.items())) or "none"
        words = f"selects other pods than the template makes: their labels are {has}"
        yield conflict((*at, "selector", *way), words, "give both the same labels")


def restarted(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Pods of a controller run for ever."""
    way = ("template", "spec", "restartPolicy")
    policy = text(field(spec, *way)) or "Always"
    if policy in ("OnFailure", "Never"):
        yield Problem(Fault.ENUM, (*at, *way), f"must be Always here; it is {policy}")
    if field(spec, "template", "spec", "activeDeadlineSeconds") is not None:
        way = ("template", "spec", "activeDeadlineSeconds")
        yield conflict((*at, *way), "may not be there: pods of a controller run for ever")


def claims(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What each pod claims is a volume of it."""
    seen = set()
    for number, each in enumerate(map(mapping, listing(spec.get("volumeClaimTemplates")))):
        way = (*at, "volumeClaimTemplates", number, "metadata", "name")
        name = text(field(each, "metadata", "name"))
        if not name:
            yield required(way)
        elif not names.is_label(name):
            yield wrong(way, f"{name!r} is no name of a volume")
        elif name in seen:
            yield duplicate(way, f"repeats {name!r}")
        seen.add(name)


def deadline(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """There is time to become ready."""
    limit, ready = spec.get("progressDeadlineSeconds"), spec.get("minReadySeconds") or 0
    if (600 if limit is None else limit) <= ready:
        name = "minReadySeconds" if limit is None else "progressDeadlineSeconds"
        words = f"{600 if limit is None else limit} seconds to progress are not more than {ready}"
        yield conflict((*at, name), f"leaves no time: {words} to be ready")


def strategy(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """How a Deployment is updated: with more or fewer pods for a while, or all at once."""
    rolling = found.get("rollingUpdate")
    if found.get("type") == "Recreate":
        if rolling is not None:
            words = "may not be there where type is Recreate"
            yield conflict((*at, "rollingUpdate"), words, "remove it")
        return
    yield from _rolling(mapping(rolling), (*at, "rollingUpdate"), ("25%", "25%"))


def daemons(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """How a DaemonSet is updated: either with a pod more on a node, or with one less."""
    if found.get("type") == "OnDelete":
        return
    update, way = mapping(found.get("rollingUpdate")), (*at, "rollingUpdate")
    yield from _rolling(update, way, (0, 1))
    yield from shares.at_most_all(update.get("maxSurge"), (*way, "maxSurge"))
    less = update.get("maxUnavailable")
    if shares.number(update.get("maxSurge") or 0) and shares.number(1 if less is None else less):
        words = "may not be there while maxUnavailable, which is 1 by itself, is not 0"
        yield conflict((*way, "maxSurge"), words, "set maxUnavailable: 0")


def _rolling(update: dict[str, Any], at: Pointer, usual: tuple[Any, Any]) -> Iterator[Problem]:
    more, less = update.get("maxSurge"), update.get("maxUnavailable")
    yield from shares.positive(more, (*at, "maxSurge"))
    yield from shares.positive(less, (*at, "maxUnavailable"))
    yield from shares.at_most_all(less, (*at, "maxUnavailable"))
    more, less = usual[0] if more is None else more, usual[1] if less is None else less
    if not shares.number(more) and not shares.number(less):
        words = "may not be 0 where maxSurge is 0: no pod could be replaced"
        yield conflict((*at, "maxUnavailable"), words)


def set_strategy(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """How a StatefulSet is updated."""
    rolling = found.get("rollingUpdate")
    if found.get("type") == "OnDelete" and rolling is not None:
        yield conflict((*at, "rollingUpdate"), "may not be there where type is OnDelete")
    if (mapping(rolling).get("partition") or 0) < 0:
        yield wrong((*at, "rollingUpdate", "partition"), "must be at least 0")


def job(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """The pods of a Job come to an end."""
    way = ("template", "spec", "restartPolicy")
    policy = text(field(spec, *way))
    if not policy:
        yield required((*at, *way), "for a Job: OnFailure or Never")
    elif policy == "Always":
        yield Problem(Fault.ENUM, (*at, *way), f"must be OnFailure or Never; it is {policy}")
    elif spec.get("podFailurePolicy") is not None and policy != "Never":
        yield conflict((*at, *way), "must be Never where there is a podFailurePolicy")


def indexed(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Only pods with an index are counted by index."""
    if spec.get("completionMode") == "Indexed":
        if spec.get("completions") is None:
            yield required((*at, "completions"), "where completionMode is Indexed")
        elif spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
            yield required((*at, "backoffLimitPerIndex"), "where there is maxFailedIndexes")
        elif (spec.get("maxFailedIndexes") or 0) > spec["completions"]:
            words = f"must be at most {spec['completions']} as completions"
            yield conflict((*at, "maxFailedIndexes"), f"{words}, is {spec['maxFailedIndexes']}")
        return
    for name in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"):
        if spec.get(name) is not None:
            yield conflict((*at, name), "may only be there where completionMode is Indexed")


def failures(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A rule about failed pods looks at exit codes of a container or at conditions."""
    containers = {
        text(mapping(each).get("name"))
        for kind in ("containers", "initContainers")
        for each in listing(field(spec, "template", "spec", kind))
    }
    rules = listing(field(spec, "podFailurePolicy", "rules"))
    for number, rule in enumerate(map(mapping, rules)):
        way = (*at, "podFailurePolicy", "rules", number)
        codes, conditions = rule.get("onExitCodes"), listing(rule.get("onPodConditions"))
        if (codes is None) is (not conditions):
            yield conflict(way, "must have one of onExitCodes, onPodConditions")
        values = listing(mapping(codes).get("values"))
        if codes is not None and not values:
            yield required((*way, "onExitCodes", "values"))
        if 0 in values and mapping(codes).get("operator") == "In":
            yield wrong((*way, "onExitCodes", "values"), "may not hold 0: such pods do not fail")
        name = text(mapping(codes).get("containerName"))
        if name and name not in containers:
            yield conflict((*way, "onExitCodes", "containerName"), f"{name!r} is no container here")


def own_selector(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A Job is given its selector."""
    if spec.get("manualSelector") is not True and spec.get("selector") is not None:
        yield conflict(
            (*at, "selector"), "is given by the API server, unless manualSelector is true"
        )


def schedule(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A CronJob is due at some time."""
    found = text(spec.get("schedule"))
    if "TZ" in found:
        yield wrong((*at, "schedule"), "may not name a time zone", "name it in timeZone")
    elif found and not _DESCRIPTORS.match(found) and cron.times(found, 5) is None:
        yield wrong((*at, "schedule"), f"{found!r} is no schedule of five fields")
    yield from zone(spec.get("timeZone"), (*at, "timeZone"))


def zone(name: object, at: Pointer) -> Iterator[Problem]:
    """A time zone is one that the API server can load."""
    if not isinstance(name, str):
        return
    if not _ZONE.match(name) or name.lower() == "local":
        yield wrong(at, f"{name!r} is no time zone", "name one such as Europe/Berlin")
    elif meant := zones.meant(name):
        yield wrong(at, f"{name!r} is no time zone", f"did you mean {meant}?")


RULES = (
    *(
        (f"apps.v1.{kind}Spec", rule)
        for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
        for rule in (selection, restarted)
    ),
    ("apps.v1.StatefulSetSpec", claims),
    ("apps.v1.DeploymentSpec", deadline),
    ("apps.v1.DeploymentStrategy", strategy),
    ("apps.v1.DaemonSetUpdateStrategy", daemons),
    ("apps.v1.StatefulSetUpdateStrategy", set_strategy),
    *(("batch.v1.JobSpec", rule) for rule in (job, indexed, failures, own_selector)),
    ("batch.v1.CronJobSpec", schedule),
)
