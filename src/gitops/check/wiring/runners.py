"""Runners of GitLab: what their settings name, and what they may do where jobs run.

Source: docs.gitlab.com/runner, "Kubernetes executor" (settings, and "Configure runner API
permissions") and "Advanced configuration" (`ServerAddress` is a host with a port).
"""

import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check import pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot, narrowed
from gitops.check.wiring import rights
from gitops.check.wiring.presence import Presence
from gitops.model.finding import Finding

_MARK = b"[[runners]]"
_LEGACY = "FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY"
_ALWAYS = (
    ("pods", "create"),
    ("pods", "delete"),
    ("pods", "get"),
    ("pods/exec", "create"),
    ("secrets", "create"),
)
_ATTACHED = (("pods/attach", "create"), ("pods/log", "get"))
"""What the executor asks for unless it is told to run everything by `exec`."""

_VOLUMES = (
    ("secret", "Secret"),
    ("config_map", "ConfigMap"),
    ("pvc", "PersistentVolumeClaim"),
)


class Runner(msgspec.Struct, frozen=True):
    """One entry of `runners` that runs jobs in Kubernetes, in the text that holds it."""

    spot: Spot
    written: str
    body: dict[str, Any]

    @property
    def kubernetes(self) -> dict[str, Any]:
        """The settings of the executor."""
        return mapping(self.body.get("kubernetes"))

    @property
    def namespace(self) -> str:
        """Where jobs run: beside the runner, unless it is said."""
        own = self.spot.owned.manifest.id.namespace
        return text(self.kubernetes.get("namespace")) or own

    def narrowed(self, found: Finding, word: str) -> Finding:
        """The same finding at the line that has a word."""
        return narrowed(found, self.spot.facts, word, self.written)


def missing(facts: Index) -> Iterator[Finding]:
    """What the pods of jobs take is in the namespace that they run in."""
    presence = facts.view(Presence)
    for runner in facts.view(_runners):
        for kind, name in _named(runner.kubernetes):
            key = ("", kind, runner.namespace, name)
            if "$" not in name and not presence.has(key):
                message = (
                    f"{runner.spot.who}: jobs run with {kind}/{runner.namespace}/{name}, which "
                    "does not exist: their pods are refused, or wait for it"
                )
                hint = "name one of the namespace that jobs run in"
                found = presence.absent("reference/missing", runner.spot, key, message, hint)
                yield runner.narrowed(found, f'"{name}"')


def _named(settings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if account := text(settings.get("service_account")):
        yield "ServiceAccount", account
    for name in map(text, listing(settings.get("image_pull_secrets"))):
        yield "Secret", name
    for field, kind in _VOLUMES:
        for each in listing(at(settings, "volumes", field)):
            if name := text(mapping(each).get("name")):
                yield kind, name


def addressed(facts: Index) -> Iterator[Finding]:
    """The address of a cache is a host."""
    for runner in facts.view(_runners):
        address = text(at(runner.body, "cache", "s3", "ServerAddress"))
        if "://" in address:
            found = runner.spot.error(
                "runner/cache-address",
                f"{runner.spot.who}: ServerAddress is {address}, and a host with a port is asked "
                "for: no cache is read or written",
                "leave the scheme out; Insecure says whether it is http",
            )
            yield runner.narrowed(found, address)


def powerless(facts: Index) -> Iterator[Finding]:
    """A runner may do what its executor does, where its jobs run."""
    for runner in facts.view(_runners):
        legacy = at(runner.body, "feature_flags", _LEGACY) is True or _LEGACY in str(
            runner.body.get("environment")
        )
        wanted = _ALWAYS if legacy else (*_ALWAYS, *_ATTACHED)
        for account in sorted(_accounts(runner)):
            space = runner.spot.owned.manifest.id.namespace
            grants = rights.of(facts, space, account)
            lost = [*rights.lacking(grants, runner.namespace, wanted)] if grants else []
            if grants and lost:
                role = next((each for each in grants if each.rules), grants[0]).role
                words = ", ".join(f"{verb} {resource}" for resource, verb in lost)
                yield Spot(facts, role, ("rules",)).error(
                    "runner/right-missing",
                    f"ServiceAccount/{space}/{account} runs jobs in namespace {runner.namespace}, "
                    f"and may not {words} there: they fail",
                    "allow it; docs.gitlab.com/runner/executors/kubernetes lists what it asks for",
                    runner.spot.owned,
                )


def _accounts(runner: Runner) -> set[str]:
    """As whom the pods run that the settings are mounted in."""
    found = runner.spot.owned.manifest.id
    word = f'"{found.name}"'.encode()
    return {
        text(each.spec.get("serviceAccountName"))
        for each in pods.templates(runner.spot.facts)
        if each.namespace == found.namespace and word in each.owner.manifest.raw
    } - {""}


def _runners(facts: Index) -> tuple[Runner, ...]:
    return tuple(
        runner
        for owned in facts.of("", "ConfigMap")
        if _MARK in owned.manifest.raw
        for key, written in mapping(facts.body(owned.manifest).get("data")).items()
        for runner in _within(Spot(facts, owned, ("data", str(key))), text(written))
    )


def _within(spot: Spot, written: str) -> Iterator[Runner]:
    if _MARK.decode() not in written:
        return
    try:
        value = tomllib.loads(written)
    except tomllib.TOMLDecodeError:
        return
    for each in map(mapping, listing(value.get("runners"))):
        if each.get("kubernetes") or each.get("executor") == "kubernetes":
            yield Runner(spot, written, each)
