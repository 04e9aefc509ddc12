"""What the API server demands of one definition, and how it becomes part of a schema."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from gitops.check.schemas.problem import Pointer, Problem

Schema = dict[str, Any]
Rule = Callable[[dict[str, Any], Pointer], Iterator[Problem]]
"""What is wrong with an object whose fields have the right types; the pointer leads to it. A field
may be null, which counts as not there."""


class Demands(msgspec.Struct, frozen=True):
    """`fields` is what schemas of fields say besides; `name[]` speaks of the elements of a list.
    `needed` are fields that must be there although the schema does not say so, and `spared` those
    that the schema says must be there and the API server does without."""

    fields: dict[str, Schema] = {}
    needed: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()


def short(name: str) -> str:
    """`core.v1.Container` for the full name of its definition."""
    return name.removeprefix("io.k8s.api.").removeprefix("io.k8s.apimachinery.pkg.apis.")


def narrow(schema: Schema, demands: Demands) -> None:
    """Let the schema of a definition demand this, too."""
    fields = schema["properties"]
    for name, words in demands.fields.items():
        of_elements = name.endswith("[]")
        own = name.removesuffix("[]")
        if own in fields and of_elements:
            fields[own] = {**fields[own], "items": {**fields[own].get("items", {}), **words}}
        elif own in fields:
            fields[own] = {**fields[own], **words}
    for word in ("required", "core-filled") if demands.needed or demands.spared else ():
        schema[word] = sorted({*schema.get(word, ()), *demands.needed} - demands.spared)
    if demands.rules:
        schema["core-rules"] = demands.rules
