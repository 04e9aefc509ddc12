"""From what a chart gave to the objects that Flux applies.

Source: helm-controller v1.6.3 `internal/postrender` and `internal/action/{crds,diff}.go`; Helm v4.2
`pkg/action/action.go` (annotateAndMerge, renderResources) and `pkg/action/validate.go`.

Helm hands everything to the post-renderer, hooks included unless the strategy says otherwise. Flux
always has one, because of its labels; so every release goes through kustomize's reading of YAML,
which takes lists apart, and refuses objects without a name and the same object twice. Then Helm
marks each object as its own, and the API server is given the release's namespace for what names
none: this is also what Flux's drift detection compares with. Hooks are not marked. Of the hooks,
those are here that run when a release is installed or upgraded. What lies in `crds/` gets Flux's
labels alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from gitops.build.helm import names, remarks, scopes
from gitops.build.helm.scopes import Scopes
from gitops.model import finding
from gitops.model.chart import StoredChart
from gitops.model.finding import Finding, Severity
from gitops.model.flux import HELM_GROUP, HelmRelease, KustomizePostRenderer
from gitops.model.ids import ObjectId, id_of
from gitops.model.manifest import Manifest, manifest
from gitops.model.origin import Location, Origin, Step
from gitops.model.render import RenderedObject, RenderResult
from gitops.sources.helm import order
from gitops.sources.tree import MemoryTree, SourceTree

_INPUT = "helm-output.yaml"
_RUN = frozenset(("pre-install", "post-install", "pre-upgrade", "post-upgrade"))


class Built(Protocol):
    """What kustomize gives; with an error among the findings, nothing."""

    @property
    def manifests(self) -> tuple[Manifest, ...]: ...

    @property
    def findings(self) -> tuple[Finding, ...]: ...


Kustomize = Callable[[SourceTree, str], Built]
"""Builds the kustomization in a folder of a tree."""


class Released(msgspec.Struct, frozen=True):
    """The objects of a release. With an error among the findings, Flux would apply none."""

    manifests: tuple[Manifest, ...]
    findings: tuple[Finding, ...] = ()


class _Object(msgspec.Struct):
    """An object on its way: its body is changed in place."""

    body: dict[str, Any]
    origin: Origin
    hook: str

    @property
    def id(self) -> ObjectId:
        return id_of(self.body)


def finish(
    release: HelmRelease,
    chart: StoredChart,
    result: RenderResult,
    kustomize: Kustomize,
    custom: Scopes,
    strategy: str = "combined",
) -> Released:
    """The objects of a release, in Helm's order: CRDs, objects, hooks.

    `custom` tells the scope of custom resources that the chart does not define itself. `strategy`
    is the `postRenderStrategy` of releases that name none: before Flux 2.9 it was `nohooks`.
    """
    if result.problem is not None:
        return Released((), (remarks.unrendered(release, chart, result.problem),))
    chosen = release.spec.post_render_strategy or strategy
    finishing = _Finishing(release, chart, result, kustomize, chosen)
    objects = finishing.run()
    known = {**custom, **dict(scopes.defined(each.body for each in objects))}
    for each in objects:
        _place(each, names.release_namespace(release), known)
    manifests = tuple(
        manifest(each.body, each.origin)
        for each in objects
        if not each.hook or not _RUN.isdisjoint(_events(each.hook))
    )
    return Released(() if finishing.failed else manifests, tuple(finishing.findings))


class _Finishing:
    def __init__(
        self,
        release: HelmRelease,
        chart: StoredChart,
        result: RenderResult,
        kustomize: Kustomize,
        strategy: str,
    ) -> None:
        self._release = release
        self._at = release.origin.source
        self._chart = names.chart(chart)
        self._result = result
        self._kustomize = kustomize
        self._strategy = strategy
        self.findings: list[Finding] = []

    @property
    def failed(self) -> bool:
        return any(found.severity is Severity.ERROR for found in self.findings)

    def run(self) -> list[_Object]:
        crds = [each for each in self._objects(crds=True) if self._is_crd(each)]
        for each in crds:
            _merge_into(each.body, "labels", self._origin_labels())
        rendered = self._post_rendered(list(self._objects(crds=False)))
        owned = {"app.kubernetes.io/managed-by": "Helm"}
        for each in rendered:
            if not each.hook:
                _merge_into(each.body, "labels", owned)
                _merge_into(each.body, "annotations", self._owner_annotations())
        return crds + rendered

    def _objects(self, *, crds: bool) -> Iterator[_Object]:
        step = Step("helm", self._at, f"release {names.release_name(self._release)}")
        for rendered in self._result.objects:
            if rendered.crd is crds:
                body = msgspec.json.decode(rendered.raw, type=dict[str, Any])
                origin = Origin(self._location(rendered), (step,))
                yield _Object(body, origin, rendered.hook)

    def _location(self, rendered: RenderedObject) -> Location:
        path = f"{self._chart}/{rendered.template}"
        return Location(path, rendered.document, rendered.line)

    def _is_crd(self, each: _Object) -> bool:
        kind = (each.id.group, each.id.kind)
        if kind == ("apiextensions.k8s.io", "CustomResourceDefinition"):
            return True
        self._note(
            finding.warning,
            "helm/ignored-crd-file",
            f"{each.id} lies in the chart's crds folder and is no CustomResourceDefinition: Flux "
            "leaves it out",
            "apply it by other means, or ask the chart's authors to move it to templates",
            each,
        )
        return False

    def _post_rendered(self, objects: list[_Object]) -> list[_Object]:
        hooks = [each for each in objects if each.hook]
        plain = [each for each in objects if not each.hook]
        match self._strategy:
            case "nohooks":
                return self._group(plain) + hooks
            case "separate":
                return self._group(plain) + self._group(hooks)
            case _:
                together = self._group(objects)
                return [each for each in together if not each.hook] + [
                    each for each in together if each.hook
                ]

    def _group(self, objects: list[_Object]) -> list[_Object]:
        """Objects that kustomize sees together, after all post-renderers."""
        objects = _expanded(objects)
        for each in objects:
            _drop_empty_metadata(each.body)
        self._refuse_odd(objects)
        if self.failed:
            return []
        for at, renderer in enumerate(self._release.spec.post_renderers):
            if renderer.kustomize is not None:
                objects = self._kustomized(objects, renderer.kustomize, at)
        common = self._release.spec.common_metadata
        for each in objects:
            if common is not None:
                _merge_into(each.body, "labels", common.labels)
                _merge_into(each.body, "annotations", common.annotations)
            _merge_into(each.body, "labels", self._origin_labels())
        return objects

    def _refuse_odd(self, objects: Sequence[_Object]) -> None:
        seen: dict[tuple[str, ...], _Object] = {}
        for each in objects:
            id = each.id
            if not id.kind or not id.name:
                lacks = "kind" if not id.kind else "metadata.name"
                self._note(
                    finding.error,
                    "helm/unnamed-object",
                    f"{each.origin} gives an object without {lacks}, which Flux refuses",
                    "correct the values that shape it, or the chart",
                    each,
                )
                continue
            key = (id.api_version, id.kind, id.namespace or "default", id.name)
            first = seen.setdefault(key, each)
            if first is not each:
                self._note(
                    finding.error,
                    "helm/duplicate-object",
                    f"{each.origin} gives {id} once more: {first.origin} gave it first",
                    "drop one of them by values; postRenderStrategy: separate helps where one is "
                    "a hook",
                    each,
                    first,
                )

    def _kustomized(
        self, objects: list[_Object], renderer: KustomizePostRenderer, number: int
    ) -> list[_Object]:
        kustomization = {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": [_INPUT],
            "patches": renderer.patches,
            "images": renderer.images,
        }
        documents = b"\n---\n".join(msgspec.json.encode(each.body) for each in objects)
        tree = MemoryTree(
            {_INPUT: documents, "kustomization.yaml": msgspec.json.encode(kustomization)}
        )
        built = self._kustomize(tree, "")
        where = f"spec.postRenderers[{number}].kustomize"
        self.findings += [self._moved(found, objects, where) for found in built.findings]
        return [self._changed(each, objects, where) for each in built.manifests]

    def _changed(self, built: Manifest, objects: list[_Object], where: str) -> _Object:
        """An object as kustomize left it; only its patches and images are steps of the release."""
        before = objects[built.origin.source.document]
        steps = tuple(
            Step("post-renderer", self._at, f"{where}.{step.detail}")
            for step in built.origin.steps
            if step.action != "resource"
        )
        body = built.body()
        return _Object(body, before.origin.then(*steps), _hook(body))

    def _moved(self, found: Finding, objects: list[_Object], where: str) -> Finding:
        """A finding of the kustomization that stood in for the post-renderer."""
        related = [
            objects[place.document].origin.source
            for place in (found.at, *found.related)
            if place.path == _INPUT and place.document < len(objects)
        ]
        message = f"{self._release.id}: {where}: {found.message}"
        return msgspec.structs.replace(found, at=self._at, related=tuple(related), message=message)

    def _origin_labels(self) -> Mapping[str, str]:
        id = self._release.id
        return {f"{HELM_GROUP}/name": id.name, f"{HELM_GROUP}/namespace": id.namespace}

    def _owner_annotations(self) -> Mapping[str, str]:
        return {
            "meta.helm.sh/release-name": names.release_name(self._release),
            "meta.helm.sh/release-namespace": names.release_namespace(self._release),
        }

    def _note(
        self,
        kind: Callable[..., Finding],
        rule: str,
        message: str,
        hint: str,
        *objects: _Object,
    ) -> None:
        related = (each.origin.source for each in objects)
        self.findings.append(kind(rule, self._at, f"{self._release.id}: {message}", hint, *related))


def _expanded(objects: Sequence[_Object]) -> list[_Object]:
    """The objects with lists taken apart, which loses what the lists themselves say."""
    if all(_items(each) is None for each in objects):
        return list(objects)
    expanded: list[_Object] = []
    for each in objects:
        items = _items(each)
        if items is None:
            expanded.append(each)
        else:
            bodies = (item for item in items if isinstance(item, dict))
            expanded += (_Object(body, each.origin, _hook(body)) for body in bodies)
    by_place = sorted(expanded, key=lambda each: each.origin.source)
    return sorted(by_place, key=lambda each: order.rank(each.id.kind))


def _items(each: _Object) -> list[Any] | None:
    items = each.body.get("items")
    return items if each.id.kind.endswith("List") and isinstance(items, list) else None


def _drop_empty_metadata(body: Mapping[str, Any]) -> None:
    """Helm's own annotation comes and goes on the way, and takes an empty field with it."""
    metadata = body.get("metadata")
    if isinstance(metadata, dict):
        for field in ("labels", "annotations"):
            if field in metadata and not metadata[field]:
                del metadata[field]


def _place(each: _Object, namespace: str, custom: Scopes) -> None:
    metadata = each.body.get("metadata")
    nowhere = isinstance(metadata, dict) and not metadata.get("namespace")
    if nowhere and scopes.is_namespaced(each.id, custom):
        each.body["metadata"]["namespace"] = namespace


def _merge_into(body: dict[str, Any], field: str, added: Mapping[str, str]) -> None:
    """Lay labels or annotations over those of an object."""
    if not added:
        return
    metadata = body.get("metadata")
    if not isinstance(metadata, dict):
        metadata = body["metadata"] = {}
    held = metadata.get(field)
    metadata[field] = {**held, **added} if isinstance(held, dict) else dict(added)


def _hook(body: Mapping[str, Any]) -> str:
    metadata = body.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    hook = annotations.get("helm.sh/hook") if isinstance(annotations, dict) else None
    return hook if isinstance(hook, str) else ""


def _events(hook: str) -> Iterator[str]:
    return (event.strip().lower() for event in hook.split(","))
