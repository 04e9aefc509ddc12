"""Makes of a request and a chart exactly what Helm shall load.

What is changed is changed in the chart's files before Helm sees them: the version, the default
values, the parts of templates that would differ from run to run, and schemas that lead elsewhere.
Here also belongs what `helm template` checks and Helm's engine does not: the Kubernetes version
that a chart demands, and dependencies that are not in `charts/`.
"""

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gitops.errors import ChartError
from gitops.model import semver
from gitops.model.finding import Severity
from gitops.model.render import RenderProblem, RenderRequest
from gitops.sources import yamlio
from gitops.sources.charts import archive, folder
from gitops.sources.disk import DiskTree
from gitops.sources.helm import schemas, templates
from gitops.sources.helm.templates import Traits

_INSIDE = r"(?:charts/[^/_.][^/]*/)*"
_TEMPLATE = re.compile(rf"{_INSIDE}templates/(?!(?:.*/)?NOTES\.txt$).+")
_SCHEMA = re.compile(rf"{_INSIDE}values\.schema\.json")
_VALUES = re.compile(rf"{_INSIDE}values\.yaml")
_PACKED = re.compile(rf"{_INSIDE}charts/[^/_.][^/]*\.tgz")
_SUBCHART = re.compile(r"charts/([^/_.][^/]*)/Chart\.yaml|charts/[^/_.][^/]*\.tgz")
_NAME = re.compile(rb"""^name:\s*["']?([^"'\s#]+)""", re.MULTILINE)


class Unfit(Exception):
    """The chart cannot be rendered as asked; `problem` says why."""

    def __init__(self, message: str, template: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.problem = RenderProblem(message, template, line)


class Chart(msgspec.Struct, frozen=True):
    """A chart ready for Helm, the values for it, and what is known about it.

    `may_vary` says that values hold template text with random functions; Helm evaluates it where a
    template asks it to (`tpl`). `actions` maps parts of such text that were settled to what they
    were.
    """

    files: Mapping[str, bytes]
    archive: bytes
    values: bytes
    name: str
    version: str
    app_version: str
    traits: Traits
    unchecked: tuple[str, ...]
    may_vary: bool
    actions: Mapping[str, str]

    def restored(self, text: str) -> str:
        """A rendered text with those settled parts as they were that nothing evaluated."""
        for settled, original in self.actions.items():
            text = text.replace(settled, original)
        return text


def prepare(request: RenderRequest, *, settle_values: bool = False) -> Chart:
    """The chart of a request. Raises Unfit.

    With `settle_values`, template text in values is settled like that of templates.
    """
    files = _files(request.chart)
    fields = _mapping(files.get("Chart.yaml", b""), "Chart.yaml")
    _check_kubernetes(fields, request.kube_version)
    _check_dependencies(files, fields)
    name = _text(fields, "name") or "chart"
    if request.defaults or request.values_files:
        files["values.yaml"] = request.defaults or _merged(files, request)
    if request.chart_version:
        fields["version"] = request.chart_version
        files["Chart.yaml"] = msgspec.json.encode(fields)
    changing = _Changing(request, f"{request.namespace}/{request.name}", settle_values)
    files = changing.files(files, name)
    if request.api_versions and changing.traits.uses_api_versions:
        files["templates/_gitops.tpl"] = templates.api_versions(request.api_versions)
    return Chart(
        files,
        archive.pack(name, files),
        changing.values(request.values, "values") if settle_values else request.values,
        name,
        _text(fields, "version"),
        _text(fields, "appVersion"),
        changing.traits,
        tuple(changing.unchecked),
        any(map(templates.may_vary, (request.values, *_values_files(files)))),
        changing.actions,
    )


class _Changing:
    """Goes through the files of a chart and of all charts in it."""

    def __init__(self, request: RenderRequest, seed: str, settle_values: bool) -> None:
        self._request = request
        self._seed = seed
        self._settle_values = settle_values
        self.traits = Traits()
        self.unchecked: list[str] = []
        self.actions: dict[str, str] = {}

    def files(self, files: Mapping[str, bytes], chart: str) -> dict[str, bytes]:
        """The files as Helm shall see them."""
        return {path: self._file(path, body, f"{chart}/{path}") for path, body in files.items()}

    def _file(self, path: str, body: bytes, place: str) -> bytes:
        if _TEMPLATE.fullmatch(path):
            return self._settled(body, place)
        if _SCHEMA.fullmatch(path):
            return self._schema(body, place)
        if _PACKED.fullmatch(path):
            return self._packed(body, place)
        if self._settle_values and _VALUES.fullmatch(path):
            return self.values(msgspec.json.encode(_mapping(body, place)), place)
        return body

    def values(self, values: bytes, place: str) -> bytes:
        """Values as JSON with template text settled."""

        def settled(value: Any, path: str) -> Any:
            match value:
                case dict():
                    return {key: settled(held, f"{path}/{key}") for key, held in value.items()}
                case list():
                    return [settled(held, f"{path}/{at}") for at, held in enumerate(value)]
                case str() if "{{" in value:
                    return self._settled_value(value, path)
            return value

        return msgspec.json.encode(settled(msgspec.json.decode(values), place))

    def _settled_value(self, value: str, place: str) -> str:
        seed = f"{self._seed}\n{place}"
        settled = templates.settle(value.encode(), seed, exact_api_versions=False)
        self.traits |= settled.traits
        self.actions |= settled.actions
        return settled.text.decode()

    def _settled(self, template: bytes, place: str) -> bytes:
        exact = bool(self._request.api_versions)
        settled = templates.settle(template, f"{self._seed}\n{place}", exact_api_versions=exact)
        self.traits |= settled.traits
        return settled.text

    def _schema(self, schema: bytes, place: str) -> bytes:
        if self._request.disable_schema_validation:
            return b"{}"
        local, removed = schemas.local(schema)
        if removed:
            more = f" and {len(removed) - 1} more" if removed[1:] else ""
            self.unchecked.append(f"{place} refers to {removed[0]}{more}")
        return local

    def _packed(self, packed: bytes, place: str) -> bytes:
        try:
            files = archive.unpack(packed, place)
        except ChartError as cause:
            raise Unfit(str(cause)) from cause
        changed = self.files(files, place)
        return packed if changed == files else archive.pack("chart", changed)


def _files(path: str) -> dict[str, bytes]:
    name = os.path.basename(path.rstrip("/"))
    try:
        if os.path.isdir(path):
            return folder.files(DiskTree(path), name)
        with open(path, "rb") as file:
            return archive.unpack(file.read(), name)
    except ChartError as cause:
        raise Unfit(str(cause)) from cause
    except OSError as cause:
        raise Unfit(f"{name} cannot be read: {cause.strerror}") from cause


def _mapping(text: bytes, place: str) -> dict[str, Any]:
    """The documents of a YAML file laid over one another, as Helm reads values."""
    documents, findings = yamlio.parse(text, place, yamlio.Dialect.SIGS)
    for found in findings:
        if found.severity is Severity.ERROR:
            raise Unfit(f"cannot load {place}: {found.message}", place, found.at.line)
    merged: dict[str, Any] = {}
    for document in documents:
        if not isinstance(document.value, dict):
            raise Unfit(f"cannot load {place}: it is not a mapping", place, document.line)
        merged = _merge(merged, document.value)
    return merged


def _values_files(files: Mapping[str, bytes]) -> Iterator[bytes]:
    return (body for path, body in files.items() if _VALUES.fullmatch(path))


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        held = merged.get(key)
        if isinstance(held, dict) and isinstance(value, dict):
            value = _merge(held, value)  # noqa: PLW2901
        merged[key] = value
    return merged


def _merged(files: Mapping[str, bytes], request: RenderRequest) -> bytes:
    """The values files laid over one another, which replace the chart's own defaults.

    Source: source-controller `internal/helm/chart/builder_remote.go`, mergeChartValues.
    """
    merged: dict[str, Any] = {}
    for name in request.values_files:
        path = posixpath.normpath(name)
        if path in files:
            merged = _merge(merged, _mapping(files[path], path))
        elif not request.ignore_missing_values_files:
            raise Unfit(f"no values file found at path {name!r}")
    return msgspec.json.encode(merged)


def _check_kubernetes(fields: Mapping[str, Any], kube_version: str) -> None:
    wanted, ours = _text(fields, "kubeVersion"), semver.parse(kube_version)
    if not wanted or ours is None:
        return
    allowed = semver.parse_range(wanted)
    # Helm compares without suffixes such as -gke.100.
    if allowed is None or not allowed.admits(msgspec.structs.replace(ours, pre="", build="")):
        raise Unfit(
            f"chart requires kubeVersion: {wanted} which is incompatible with Kubernetes "
            f"v{kube_version.removeprefix('v')}",
            "Chart.yaml",
        )


def _check_dependencies(files: Mapping[str, bytes], fields: Mapping[str, Any]) -> None:
    wanted = list(_dependencies(fields))
    if "requirements.yaml" in files:
        wanted += _dependencies(_mapping(files["requirements.yaml"], "requirements.yaml"))
    held = set(_subcharts(files)) if wanted else set()
    missing = [name for name in wanted if name not in held]
    if missing:
        raise Unfit(
            f"found in Chart.yaml, but missing in charts/ directory: {', '.join(missing)}",
            "Chart.yaml",
        )


def _dependencies(fields: Mapping[str, Any]) -> Iterator[str]:
    declared = fields.get("dependencies")
    for dependency in declared if isinstance(declared, list) else ():
        if isinstance(dependency, dict):
            yield _text(dependency, "name")


def _subcharts(files: Mapping[str, bytes]) -> Iterator[str]:
    for path, body in files.items():
        found = _SUBCHART.fullmatch(path)
        if found:
            metadata = body if found[1] else _packed_metadata(body, path)
            name = _NAME.search(metadata)
            yield name[1].decode() if name else found[1] or ""


def _packed_metadata(packed: bytes, path: str) -> bytes:
    try:
        return archive.unpack(packed, path).get("Chart.yaml", b"")
    except ChartError as cause:
        raise Unfit(str(cause)) from cause


def _text(fields: Mapping[str, Any], key: str) -> str:
    # Go wants text here, and takes numbers and booleans as their text.
    value = fields.get(key)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ""
