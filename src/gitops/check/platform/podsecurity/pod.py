"""A pod as the Pod Security Standards look at it."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text

Way = tuple[str | int, ...]
"""The way from a pod to a part of it."""

_FIELDS = ("initContainers", "containers", "ephemeralContainers")


class Container(msgspec.Struct, frozen=True):
    """A container and the way to it."""

    way: Way
    body: dict[str, Any]

    @property
    def name(self) -> str:
        """Its name."""
        return text(self.body.get("name"))

    @property
    def context(self) -> dict[str, Any]:
        """Its security context."""
        return mapping(self.body.get("securityContext"))


class Pod(msgspec.Struct, frozen=True, dict=True):
    """Metadata and spec, of a pod or of the template of one. What is null counts as not there."""

    body: dict[str, Any]

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The PodSpec."""
        return mapping(self.body.get("spec"))

    @property
    def context(self) -> dict[str, Any]:
        """The security context of the whole pod."""
        return mapping(self.spec.get("securityContext"))

    @property
    def annotations(self) -> dict[str, Any]:
        """The annotations of the pod."""
        return mapping(at(self.body, "metadata", "annotations"))

    @property
    def for_windows(self) -> bool:
        """Whether it says that it runs on Windows."""
        return bool(at(self.spec, "os", "name") == "windows")

    @property
    def in_user_namespace(self) -> bool:
        """Whether its users are not those of the node."""
        return self.spec.get("hostUsers") is False

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """All of them, those that only prepare and those that are put in later included."""
        return tuple(
            Container(("spec", field, position), mapping(body))
            for field in _FIELDS
            for position, body in enumerate(listing(self.spec.get(field)))
        )


class Violation(msgspec.Struct, frozen=True):
    """What a control refuses. `setters` are names of containers or volumes, or "pod"; `values` is
    what they set; `way` leads to the first of them."""

    control: str
    words: str
    setters: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    way: Way = ("spec",)


Check = Callable[[Pod, int], Violation | None]
"""Judges a pod by the standard of Kubernetes 1.<minor>."""


def by_containers(
    control: str, words: str, bad: list[Container], values: set[str] | frozenset[str] = frozenset()
) -> Violation | None:
    """A violation of these containers, where there are any."""
    if not bad:
        return None
    return Violation(
        control, words, tuple(each.name for each in bad), tuple(sorted(values)), bad[0].way
    )


def by_pod(
    control: str, words: str, pod_is_bad: bool, bad: list[Container], values: set[str]
) -> Violation | None:
    """A violation of the pod itself, of some containers, or of both."""
    if not pod_is_bad:
        return by_containers(control, words, bad, values)
    setters = ("pod", *(each.name for each in bad))
    return Violation(control, words, setters, tuple(sorted(values)), ("spec", "securityContext"))
