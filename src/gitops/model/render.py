"""The port between the compiler and whatever renders charts."""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class RenderRequest(msgspec.Struct, frozen=True):
    """Everything a chart's output depends on; equal requests give equal results.

    `chart` is the absolute path of a chart archive or folder, and `digest` its content digest.
    `values` is the merged values as JSON, without the chart's own defaults. `values_files` are
    names inside the chart which together replace its default values when there are any; `defaults`
    is JSON that replaces them outright when it is not empty. `chart_version` replaces the version
    of Chart.yaml when it is not "" (Flux appends a digest). `api_versions` is exactly what the
    cluster serves, as `group/version` and `group/version/Kind`; empty leaves Helm's own list.
    """

    chart: str
    digest: str
    name: str
    namespace: str
    values: bytes = b"{}"
    values_files: tuple[str, ...] = ()
    ignore_missing_values_files: bool = False
    defaults: bytes = b""
    chart_version: str = ""
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    include_crds: bool = True
    disable_hooks: bool = False
    disable_openapi_validation: bool = False
    disable_schema_validation: bool = False


class RenderedObject(msgspec.Struct, frozen=True, array_like=True):
    """One object of a chart: its JSON, and the template, document and line it came from.

    Templates are read as kustomize reads YAML, because Flux sends them through it; `crds/` as Helm
    does. `template` is the path inside the chart. `document` counts the documents of one template
    that hold something, from 0. `hook` holds the value of the `helm.sh/hook` annotation, "" for an
    ordinary object. `crd` marks what came from the chart's `crds/` folder.
    """

    raw: bytes
    template: str
    document: int
    line: int
    hook: str = ""
    crd: bool = False


class RenderProblem(msgspec.Struct, frozen=True, array_like=True):
    """Why a chart did not render, in Helm's own words; the place is in the chart where known."""

    message: str
    template: str = ""
    line: int = 0


class RenderResult(msgspec.Struct, frozen=True):
    """What a chart gave: CRDs, then objects in Helm's order of installation, then hooks.

    With a problem, `objects` is empty. `uses_api_versions` says that a template asks
    `.Capabilities.APIVersions`, so that the result depends on the cluster's kinds; `uses_random`
    and `uses_lookup` that a template draws random values, or asks the live cluster. `unchecked`
    tells what Helm would have verified with the network. `unread` are paths of given values that
    change nothing.
    """

    objects: tuple[RenderedObject, ...] = ()
    problem: RenderProblem | None = None
    chart_name: str = ""
    chart_version: str = ""
    app_version: str = ""
    uses_api_versions: bool = False
    uses_random: bool = False
    uses_lookup: bool = False
    unchecked: tuple[str, ...] = ()
    unread: tuple[tuple[str, ...], ...] = ()


class ChartRenderer(Protocol):
    """Renders charts; raises only ToolError, and only when no chart at all can be rendered."""

    def submit(self, request: RenderRequest) -> None:
        """Begin a render, unless it was begun before, and do not wait for it."""

    def result(self, request: RenderRequest) -> RenderResult:
        """What a request gave; waits for it. A chart that kills its worker is a problem."""

    def render(self, requests: Sequence[RenderRequest]) -> tuple[RenderResult, ...]:
        """One result per request, in their order."""
