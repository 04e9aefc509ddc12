"""Names, labels and annotations, which have one form in all objects.

Source: apimachinery `pkg/api/validation/objectmeta.go` and `pkg/util/validation`.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import mapping
from gitops.check.schemas import names
from gitops.check.schemas.problem import Fault, Pointer, Problem

_ANNOTATIONS = 256 * 1024


def problems(body: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with the metadata; values of a wrong type are left to the schema."""
    about = mapping(body.get("metadata"))
    yield from marks(about, ("metadata",))
    namespace = about.get("namespace")
    if isinstance(namespace, str) and namespace and not names.is_label(namespace):
        yield _wrong(("metadata", "namespace"), f"{namespace!r} is no name of a namespace")


def marks(about: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is wrong with the labels and annotations of an object or of a template."""
    yield from labels(mapping(about.get("labels")), (*at, "labels"))
    annotations = mapping(about.get("annotations"))
    for name in annotations:
        if not names.is_qualified(name.lower()):
            yield _not_a_key((*at, "annotations"), name)
    size = sum(
        len(name.encode()) + len(value.encode())
        for name, value in annotations.items()
        if isinstance(value, str)
    )
    if size > _ANNOTATIONS:
        yield _wrong((*at, "annotations"), f"take {size} bytes of the {_ANNOTATIONS} there are")


def labels(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is wrong with labels, or with a mapping that selects by labels."""
    for name, value in found.items():
        if not names.is_qualified(name):
            yield _not_a_key(at, name)
        if isinstance(value, str) and value and not names.is_name(value):
            words = "letters, digits, - _ and ., at most 63 characters, no sign at either end"
            yield _wrong((*at, name), f"{value!r} is no value of a label: {words}")


def name_problems(name: str) -> Iterator[Problem]:
    """What is wrong with the name of a custom resource: it has to be a DNS subdomain."""
    if name and not names.is_subdomain(name):
        words = "lower case letters, digits, - and ., at most 253 characters"
        yield _wrong(("metadata", "name"), f"{name!r} is no name: {words}")


def _not_a_key(at: Pointer, key: str) -> Problem:
    return _wrong((*at, key), f"{key!r} is no key: `[prefix.example.org/]name` is expected")


def _wrong(pointer: Pointer, message: str) -> Problem:
    return Problem(Fault.METADATA, pointer, message)
