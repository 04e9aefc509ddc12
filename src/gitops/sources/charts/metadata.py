"""What a chart says of itself in Chart.yaml."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from gitops.errors import ChartError
from gitops.sources import yamlio

_VERSION = re.compile(r"v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
"""What Helm accepts as a chart's version: semver, or its loose form with a `v` or fewer parts."""


class Metadata(msgspec.Struct, frozen=True):
    """The fields of Chart.yaml that name a chart. `version` is exactly as written."""

    name: str
    version: str
    app_version: str


def read(files: Mapping[str, bytes], origin: str) -> Metadata:
    """What the chart of these files is called; `origin` names it in errors.

    Raises ChartError where Helm would not take the files as a chart.
    """
    if "Chart.yaml" not in files:
        raise ChartError(f"{origin} holds no Chart.yaml: it is not a chart")
    at = f"{origin}: Chart.yaml"
    documents, findings = yamlio.parse(files["Chart.yaml"], "Chart.yaml", yamlio.Dialect.SIGS)
    if findings:
        raise ChartError(f"{at}: {findings[0].message}")
    fields = documents[0].value if documents else None
    if not isinstance(fields, dict):
        raise ChartError(f"{at} is not a mapping")
    name, version = _text(fields, "name"), _text(fields, "version")
    if not name or "/" in name or name in (".", ".."):
        raise ChartError(f"{at} gives no usable name: {name!r}")
    if not _VERSION.fullmatch(version):
        raise ChartError(f"{at} gives a version that is not semver: {version!r}")
    return Metadata(name, version, _text(fields, "appVersion"))


def _text(fields: dict[str, Any], key: str) -> str:
    # sigs.k8s.io/yaml turns numbers into text where Go wants text: `appVersion: 1.16` is allowed.
    value = fields.get(key)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""
