"""What reading YAML gives."""

from enum import StrEnum
from typing import Any

import msgspec


class Dialect(StrEnum):
    """Whose reading of YAML is meant.

    KUSTOMIZE is how kustomize reads resources: go-yaml v3 into untyped Go values, then JSON.
    SIGS is sigs.k8s.io/yaml: how the API server, Flux and Helm read, with YAML 1.1 booleans.
    """

    KUSTOMIZE = "kustomize"
    SIGS = "sigs"


class Document(msgspec.Struct, frozen=True):
    """One document that holds something.

    `value` is a JSON value. `document` counts from 0 every stretch of text between `---` lines,
    empty ones included; nothing stands before a `---` on the first line. `line` is the line of the
    first content, from 1.
    """

    value: Any
    document: int
    line: int
