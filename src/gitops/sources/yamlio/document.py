"""What reading YAML gives."""

from enum import Enum, StrEnum
from typing import Any

import msgspec


class Dialect(StrEnum):
    """Whose reading of YAML is meant.

    KUSTOMIZE is how kustomize reads resources: go-yaml v3 into untyped Go values, then JSON.
    SIGS is sigs.k8s.io/yaml: how the API server, Flux and Helm read, with YAML 1.1 booleans.
    """

    KUSTOMIZE = "kustomize"
    SIGS = "sigs"


class Null(Enum):
    """A null that is written out (`null` or `~`), where the reader asked to be told.

    kustomize's strategic merge keeps those of the target and drops those that stand for nothing
    (`key:`). JSON encoders write null for both.
    """

    WRITTEN = None


class Document(msgspec.Struct, frozen=True):
    """One document that holds something.

    `value` is a JSON value. `document` counts from 0 every stretch of text between `---` lines,
    empty ones included; a `---` before which there are only comments separates nothing. `line` is
    the line of the first content, from 1.
    """

    value: Any
    document: int
    line: int
