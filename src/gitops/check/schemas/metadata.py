"""Names, labels and annotations, which have one form in all objects.

Source: apimachinery `pkg/api/validation/objectmeta.go` and `pkg/util/validation`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from gitops.check.fields import mapping
from gitops.check.schemas.problem import Fault, Problem

_NAME = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?\Z")
_SUBDOMAIN = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\Z")
_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\Z")
_ANNOTATIONS = 256 * 1024


def problems(body: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with the metadata; values of a wrong type are left to the schema."""
    about = mapping(body.get("metadata"))
    for name, value in mapping(about.get("labels")).items():
        if not _is_key(name):
            yield _not_a_key("labels", name)
        if isinstance(value, str) and value and not _is_name(value):
            words = "letters, digits, - _ and ., at most 63 characters, no sign at either end"
            yield _wrong(("labels", name), f"{value!r} is no value of a label: {words}")
    for name in mapping(about.get("annotations")):
        if not _is_key(name.lower()):
            yield _not_a_key("annotations", name)
    size = sum(
        len(name.encode()) + len(value.encode())
        for name, value in mapping(about.get("annotations")).items()
        if isinstance(value, str)
    )
    if size > _ANNOTATIONS:
        yield _wrong(("annotations",), f"take {size} bytes of the {_ANNOTATIONS} there are")
    namespace = about.get("namespace")
    if isinstance(namespace, str) and namespace and not _is_label(namespace):
        yield _wrong(("namespace",), f"{namespace!r} is no name of a namespace")


def name_problems(name: str) -> Iterator[Problem]:
    """What is wrong with the name of a custom resource: it has to be a DNS subdomain."""
    if name and not (len(name) <= 253 and _SUBDOMAIN.match(name)):
        words = "lower case letters, digits, - and ., at most 253 characters"
        yield _wrong(("name",), f"{name!r} is no name: {words}")


def _is_label(text: str) -> bool:
    return len(text) <= 63 and _LABEL.match(text) is not None


@lru_cache(4096)
def _is_name(text: str) -> bool:
    return len(text) <= 63 and _NAME.match(text) is not None


@lru_cache(4096)
def _is_key(form: str) -> bool:
    """Objects have most of their keys in common."""
    prefix, slash, name = form.rpartition("/")
    return _is_name(name) and (
        not slash or (len(prefix) <= 253 and _SUBDOMAIN.match(prefix) is not None)
    )


def _not_a_key(field: str, key: str) -> Problem:
    return _wrong((field, key), f"{key!r} is no key: `[prefix.example.org/]name` is expected")


def _wrong(pointer: tuple[str, ...], message: str) -> Problem:
    return Problem(Fault.METADATA, ("metadata", *pointer), message)
