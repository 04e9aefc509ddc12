"""Requests and limits of one container.

Source: Kubernetes, pkg/apis/core/validation, ValidateResourceRequirements.
"""

from collections.abc import Iterator

from gitops.check import operators, pods
from gitops.check.fields import mapping
from gitops.check.index import Index
from gitops.check.platform.capacity import requests
from gitops.check.spot import Spot
from gitops.model.finding import Finding


def below_requests(facts: Index) -> Iterator[Finding]:
    """No container requests more than it may use: the API server refuses that."""
    for each in pods.templates(facts):
        if each.owner.manifest.incomplete != operators.MADE:
            for way, container in each.containers:
                resources = mapping(container.get("resources"))
                spot = Spot(facts, each.owner, (*way, "resources"))
                yield from _beyond(spot, resources)


def _beyond(spot: Spot, resources: dict[str, object]) -> Iterator[Finding]:
    requested, limits = mapping(resources.get("requests")), mapping(resources.get("limits"))
    for name in sorted(requested.keys() & limits.keys()):
        wanted, limit = requested[name], limits[name]
        if requests.quantity(wanted) > requests.quantity(limit):
            yield Spot(spot.facts, spot.owned, (*spot.pointer, "limits", name)).error(
                "pod/limit-below-request",
                f"{spot.who} requests {wanted} {name} and may use {limit}: Kubernetes refuses it",
                "raise the limit, or lower the request",
            )
