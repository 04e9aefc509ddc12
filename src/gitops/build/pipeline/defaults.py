"""Values files that lie beside a chart in a repository and replace its default values.

Source: source-controller, internal/helm/chart/builder_local.go: their paths are relative to the
root of the source, later ones are merged over earlier ones, and lists are replaced.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from gitops.build.helm import values
from gitops.errors import ChartError, MissingPath
from gitops.sources import tree as trees
from gitops.sources import yamlio
from gitops.sources.tree import SourceTree
from gitops.sources.yamlio import Dialect


def merged(source: SourceTree, names: Sequence[str], *, ignore_missing: bool) -> bytes:
    """The values of all files as JSON. Raises PathError and ChartError for what cannot be read."""
    result: dict[str, Any] = {}
    for name in names:
        path = trees.resolve("", name.lstrip("/"))
        try:
            text = source.read(path)
        except MissingPath:
            if ignore_missing:
                continue
            raise
        result = values.merge(result, _read(text, path))
    return msgspec.json.encode(result)


def _read(text: bytes, path: str) -> dict[str, Any]:
    documents, findings = yamlio.parse(text, path, Dialect.SIGS)
    value = documents[0].value if documents else {}
    if findings or not isinstance(value, dict):
        why = findings[0].message if findings else "it is not a mapping"
        raise ChartError(f"the values file {path} cannot be read: {why}")
    return value
