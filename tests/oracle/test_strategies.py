"""Core objects against the strategies of the API server, which validate beyond the schema.

Seeds are right objects that use most fields, and the objects of our own fleet; each is changed in
one field. What we refuse and the API server takes is a mistake of ours. Of what it refuses we
refuse all but what stands in `MISSED`.
"""

import os
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gitops.check.schemas import problem, strategy
from gitops.check.schemas.builtin import Builtin
from gitops.check.schemas.problem import Fault, Problem
from gitops.check.schemas.validating import Validator
from gitops.sources import yamlio
from gitops.sources.schemas import kubernetes
from tests.oracle import stored, test_kubeconform, validation_cases, validationlib

pytestmark = pytest.mark.oracle

SEEDS = Path(__file__).parent / "validation_seeds.yaml"
VERSION = "1.33.5"
EACH = int(os.environ.get("GITOPS_MUTATIONS", "100"))

Kind = tuple[str, str, str]

ELEMENT = re.compile(r"\[[^]]*\]")
ELSEWHERE = re.compile(
    r"metadata\.name: (?:Required|name or generateName)"  # Without a name nothing is built.
    r"|.*serviceAccountToken: .*serviceAccountName is not set"  # It gets one on admission.
    r"|.*volumeMounts.*: Not found"  # pod/volume-missing
    r"|.*(?:fieldPath|resources\.requests): "  # pod/field-path, pod/limit-below-request
)
"""What rules of other subjects are about."""


def test_right_objects_are_right() -> None:
    seeds = list(_seeds())
    judge = Judge()
    assert [each for each in validationlib.ask(seeds) if each["refused"] or len(each) > 1] == []
    assert [said for seed in seeds if (said := judge.said(seed))] == []


def test_nothing_is_refused_that_the_api_server_takes() -> None:
    draw = random.Random(1)
    cases = [case for seed in _seeds() for case in validation_cases.mutations(seed, draw, EACH)]
    found = Comparison(cases)
    print(found.counts, f"of what is wrong, {found.share:.1%} is found")
    assert found.wrongly == []
    assert sorted(found.missed) == []
    assert min(found.counts["right"], found.counts["wrong"]) > 10 * EACH


def test_each_field_may_be_missing_empty_or_twice_as_the_api_server_says() -> None:
    found = Comparison(case for seed in _seeds() for case in validation_cases.losses(seed))
    print(found.counts, f"of what is wrong, {found.share:.1%} is found")
    assert found.wrongly == []
    assert sorted(found.missed) == []
    assert min(found.counts["right"], found.counts["wrong"]) > 1000


def test_the_objects_of_our_fleet_are_judged_alike() -> None:
    draw = random.Random(2)
    bodies = [
        case
        for seeds in test_kubeconform._seeds(stored.whole(test_kubeconform._fleet())).values()
        for seed in seeds
        for case in (seed, *validation_cases.mutations(seed, draw, max(1, EACH // 25)))
    ]
    found = Comparison(bodies)
    print(found.counts, f"of what is wrong, {found.share:.1%} is found")
    assert found.wrongly == []
    assert found.share > 0.9
    assert found.counts["right"] > 500


class Judge:
    """Ours."""

    def __init__(self) -> None:
        self._known = Builtin(kubernetes.definitions(VERSION), strategy.demands(VERSION))
        self._validators: dict[Kind, Validator] = {}

    def knows(self, body: dict[str, Any]) -> bool:
        return self._known.schema(*_kind(body)) is not None

    def said(self, body: dict[str, Any]) -> tuple[Problem, ...]:
        kind = _kind(body)
        if kind not in self._validators:
            schema = self._known.schema(*kind)
            assert schema is not None, kind
            self._validators[kind] = Validator(schema, custom=False)
        return self._validators[kind].problems(body)


def _kind(body: dict[str, Any]) -> Kind:
    group, _, version = body["apiVersion"].rpartition("/")
    return group, version, body["kind"]


class Comparison:
    """What each of the two says of some objects."""

    def __init__(self, bodies: Iterable[dict[str, Any]]) -> None:
        self.counts = Counter[str]()
        self.wrongly: list[tuple[str, str, str]] = []
        self.missed = Counter[str]()
        judge = Judge()
        held = [body for body in bodies if judge.knows(body)]
        for body, answer in zip(held, validationlib.ask(held), strict=True):
            if "unheard" not in answer and "no kind" not in answer.get("unread", ""):
                self._compare(body["kind"], judge.said(body), _causes(answer))

    @property
    def share(self) -> float:
        """How much of what the API server refuses we refuse."""
        return 1 - self.counts["missed"] / max(1, self.counts["wrong"])

    def _compare(self, kind: str, ours: tuple[Problem, ...], theirs: list[str]) -> None:
        self.counts["wrong" if theirs else "right"] += 1
        if not theirs:
            self.wrongly += [
                (kind, problem.path(each.pointer), each.message)
                for each in ours
                if not _is_of_apply(each) and not _is_of_cluster(kind, each)
            ]
        elif not ours and not ELSEWHERE.match(theirs[0]):
            named = f"{kind} {theirs[0]}"
            self.counts["missed"] += 1
            if not any(re.match(known, named) for known in MISSED):
                self.missed[named] += 1


def _causes(answer: dict[str, Any]) -> list[str]:
    """Each mistake as its field and what is said of it, without numbers of elements."""
    if "unread" in answer:
        return [answer["unread"]]
    return [f"{ELEMENT.sub('[]', each['field'])}: {each['detail']}" for each in answer["refused"]]


def _is_of_apply(found: Problem) -> bool:
    """Keys that are there twice: server-side apply refuses them, not what creates objects."""
    return found.fault is Fault.DUPLICATE and " of element " in found.message


def _is_of_cluster(kind: str, found: Problem) -> bool:
    """What others say: ports of nodes are handed out by the storage of Services, which the program
    does not have; a data source that is none is dropped without a word; and selectors of metrics
    are read by the controller of autoscalers alone."""
    names = {str(part) for part in found.pointer}
    is_of_controller = kind == "HorizontalPodAutoscaler" and "selector" in names
    return (kind == "Service" and "nodePort" in names) or "dataSource" in names or is_of_controller


def _seeds() -> Iterator[dict[str, Any]]:
    for document in yamlio.parse(SEEDS.read_bytes(), SEEDS.name)[0]:
        yield document.value


MISSED = (
    r"CronJob spec\.timeZone: ",  # A zone that is like none that we know may be a new one.
    r".*dnsConfig\.searches\[\]: ",  # Dots and signs below the line come and go with gates.
    r".*\.(?:url|namespace|containerName): .*\"\"",
    r"Ingress .*\.backend\.resource\.apiGroup: ",
    r"Ingress .*\.service\.name: .*start with an alphabetic",  # A gate lets it begin with a digit.
    r"Job metadata\.name: .*will not able to create pod",  # Jobs whose pods have a number.
    r"Job spec\.parallelism: .*completion mode is Indexed",
    r"Job spec\.template\.labels: ",  # Which get the name of the Job.
    r"RuntimeClass overhead\.",
    r"\w+WebhookConfiguration .*service\.path: .*segment",
    r".*onExitCodes\.values\[\]: ",
    r"PersistentVolumeClaim spec\.dataSource\.name: ",
    r"HorizontalPodAutoscaler spec\.minReplicas: .* 0: ",  # A gate, HPAScaleToZero, allows it.
    r"NetworkPolicy spec\.policyTypes: .*more than two",
    r"PodDisruptionBudget json: cannot unmarshal number",  # Numbers or texts of more than 32 bits.
    r"Service spec\.clusterIPs: .*no more than one IP for each",
    r"\w+WebhookConfiguration webhooks\[\]\.rules\[\]\.resources",  # What an asterisk covers.
)
"""What the API server refuses and we do not, as patterns of kind, field and reason."""
