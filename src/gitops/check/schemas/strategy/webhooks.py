"""Webhooks that the API server asks.

Source: Kubernetes `pkg/apis/admissionregistration/validation`.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at as field
from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import names
from gitops.check.schemas.problem import Pointer, Problem, conflict, duplicate, required, wrong
from gitops.check.schemas.strategy import unions

_VERSIONS = ("v1", "v1beta1")


def configuration(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Each webhook has a name of its own."""
    seen = set()
    for number, hook in enumerate(map(mapping, listing(body.get("webhooks")))):
        name = text(hook.get("name"))
        if name and name in seen:
            yield duplicate((*at, "webhooks", number, "name"), f"repeats {name!r}")
        seen.add(name)


def webhook(hook: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """It has a full name, one place where it is asked, and a form of questions that is known."""
    name = text(hook.get("name"))
    if not names.is_subdomain(name) or name.count(".") < 2:
        yield wrong((*at, "name"), f"{name!r} is no DNS name of at least three parts")
    yield from unions.one(
        mapping(hook.get("clientConfig")), (*at, "clientConfig"), ("url", "service")
    )
    url = text(mapping(hook.get("clientConfig")).get("url"))
    if url and not url.lower().startswith("https://"):
        yield wrong((*at, "clientConfig", "url"), f"must begin with https://, is {url!r}")
    path = field(hook, "clientConfig", "service", "path")
    if path and not text(path).startswith("/"):
        yield wrong((*at, "clientConfig", "service", "path"), f"must begin with /, is {path!r}")
    versions = listing(hook.get("admissionReviewVersions"))
    if not any(version in _VERSIONS for version in versions):
        yield wrong((*at, "admissionReviewVersions"), "must hold v1")
    for number, version in enumerate(versions):
        if not names.is_label_with_letter_first(text(version)) or version in versions[:number]:
            yield wrong((*at, "admissionReviewVersions", number), f"{version!r} is no version here")


def rule(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """It is asked about something, and an asterisk stands alone."""
    for name in ("apiGroups", "apiVersions", "operations", "resources"):
        values = listing(found.get(name))
        if not values:
            yield required((*at, name))
        if len(values) > 1 and "*" in values and name != "resources":
            yield conflict((*at, name), "may hold nothing beside *")


RULES = (
    *(
        (f"admissionregistration.v1.{kind}{part}", found)
        for kind in ("MutatingWebhook", "ValidatingWebhook")
        for part, found in (("Configuration", configuration), ("", webhook))
    ),
    ("admissionregistration.v1.RuleWithOperations", rule),
)
