"""The kustomization file that Flux builds: the one at `spec.path`, or one it makes up, with the
fields of the Flux Kustomization laid over it.

Source: fluxcd/pkg kustomize/kustomize_generator.go, GenerateManifest.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from gitops.build.flux import version
from gitops.build.flux.version import Features
from gitops.errors import PathError
from gitops.model import finding
from gitops.model.finding import Finding, Severity
from gitops.model.flux import Image, Kustomization, KustomizationSpec
from gitops.model.origin import Location
from gitops.sources import tree as trees
from gitops.sources import yamlio
from gitops.sources.tree import Kind, SourceTree
from gitops.sources.yamlio import Dialect

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_FIELDS = (
    *("apiVersion", "kind", "metadata", "openapi", "namePrefix", "nameSuffix", "namespace"),
    *("commonLabels", "labels", "commonAnnotations", "patchesStrategicMerge", "patchesJson6902"),
    *("patches", "images", "imageTags", "replacements", "replicas", "vars", "sortOptions"),
    *("resources", "components", "crds", "bases", "configMapGenerator", "secretGenerator"),
    *("helmGlobals", "helmCharts", "helmChartInflationGenerator", "generatorOptions"),
    *("configurations", "generators", "transformers", "validators", "buildMetadata"),
)
_BY_LOWER_CASE = {name.lower(): name for name in _FIELDS}
_REMOTE = ("git::", "gh:", "ssh://", "https://", "http://", "git@", "github.com:", "github.com/")
_OBJECT = re.compile(rb"^kind:[ \t]*[^\s#]", re.MULTILINE)
_YAML = (".yaml", ".yml")
_TYPE = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
_NEWEST = version.features("")
_SEPARATOR = re.compile(rb"^---", re.MULTILINE)


class Generated(Struct, frozen=True):
    """A kustomization as Flux hands it to kustomize; `at` is its file, which need not exist.

    `added` tells, for `patches` and `components`, from which entry on they come from the Flux
    Kustomization and not from the file. `text` is that of the file, if there is one.
    """

    body: dict[str, Any]
    at: Location
    added: Mapping[str, int] = {}
    text: bytes = b""


def folder(path: str) -> str:
    """`spec.path` as a folder of the source: never above its root, whatever `..` it holds."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def generate(
    tree: SourceTree, kustomization: Kustomization, features: Features = _NEWEST
) -> tuple[Generated | None, tuple[Finding, ...]]:
    """The kustomization that Flux builds in `folder(spec.path)`; None where it cannot even
    start. `tree` is the source's artifact."""
    place = folder(kustomization.spec.path)
    if not _exists(tree, place, Kind.FOLDER):
        return None, (_missing_path(tree, kustomization, place),)
    findings: list[Finding] = []
    present = [name for name in NAMES if _exists(tree, trees.join(place, name), Kind.FILE)]
    if present:
        start = _read(tree, place, present, findings)
    else:
        start = _made_up(tree, kustomization, place, findings)
    if start is None:
        return None, tuple(findings)
    body = {**start.body, **_overrides(kustomization.spec, features)}
    additions = {
        "patches": [msgspec.to_builtins(patch) for patch in kustomization.spec.patches],
        "components": list(_components(tree, kustomization, place, features, findings)),
    }
    added = {}
    for field, entries in additions.items():
        before = body.get(field) or []
        if entries and isinstance(before, list):
            added[field] = len(before)
            body[field] = [*before, *entries]
    images = body.get("images") or []
    if kustomization.spec.images and isinstance(images, list):
        body["images"] = _images(images, kustomization.spec.images, features)
    return Generated(body, start.at, added, start.text), tuple(findings)


def _exists(tree: SourceTree, path: str, kind: Kind) -> bool:
    try:
        return tree.kind(path) is kind
    except PathError:
        return False


def _text(tree: SourceTree, path: str) -> bytes | PathError:
    try:
        return tree.read(path)
    except PathError as cause:
        return cause


def _read(
    tree: SourceTree, place: str, present: Sequence[str], findings: list[Finding]
) -> Generated | None:
    """The file that is there. Flux reads its first document, and only the fields it knows."""
    at = Location(trees.join(place, present[0]))
    if len(present) > 1:
        findings.append(_several(place, present))
    text = _text(tree, at.path)
    if isinstance(text, PathError):
        hint = "make it a file that can be read"
        findings.append(finding.error("kustomize/unreadable", at, str(text), hint))
        return None
    documents, problems = yamlio.parse(text, at.path, Dialect.SIGS)
    findings.extend(problem for problem in problems if problem.at.document == 0)
    body = documents[0].value if documents and documents[0].document == 0 else {}
    if any(found.severity is Severity.ERROR for found in findings):
        return None
    if not isinstance(body, dict):
        hint = "write fields of a kustomization, such as resources, at its top"
        message = "the file must be a mapping"
        findings.append(finding.error("kustomize/field-type", at, message, hint))
        return None
    known = dict(_known_fields(body, text, at, findings))
    if not known.get("resources"):
        # Without resources kustomize might call the file empty, so Flux asks for something.
        known["buildMetadata"] = ["originAnnotations"]
    return Generated(known, at, text=text)


def _known_fields(
    body: Mapping[str, Any], text: bytes, at: Location, findings: list[Finding]
) -> Iterator[tuple[str, Any]]:
    """The fields under their proper names: Go's JSON does not mind upper and lower case."""
    for name, value in body.items():
        known = _BY_LOWER_CASE.get(name.lower())
        if known:
            yield known, value
        else:
            line = yamlio.line_of(text, 0, (name,))
            findings.append(_ignored_field(Location(at.path, 0, line), name))


def _made_up(
    tree: SourceTree, kustomization: Kustomization, place: str, findings: list[Finding]
) -> Generated:
    """All manifests below the folder. A folder with a kustomization file stands for itself."""
    resources = []
    for path in _manifests(tree, place):
        wrong = _not_a_manifest(tree, path, place) if path.endswith(_YAML) else None
        if wrong:
            findings.append(wrong)
        else:
            resources.append(f"./{path[len(place) :].lstrip('/')}")
    at = Location(trees.join(place, NAMES[0]))
    if resources:
        return Generated({**_TYPE, "resources": resources}, at)
    if not findings:
        findings.append(_nothing(kustomization, place))
    return Generated({**_TYPE, "namespace": "_placeholder"}, at)


def _manifests(tree: SourceTree, place: str) -> Iterator[str]:
    for name in tree.names(place):
        path = trees.join(place, name)
        if not _exists(tree, path, Kind.FOLDER):
            if name.endswith(_YAML):
                yield path
        elif any(_exists(tree, trees.join(path, own), Kind.FILE) for own in NAMES):
            yield path
        else:
            yield from _manifests(tree, path)


def _not_a_manifest(tree: SourceTree, path: str, place: str) -> Finding | None:
    """Only a file that does not look like a manifest is read here: kustomize reads all others."""
    text = _text(tree, path)
    if isinstance(text, PathError):
        return None  # A folder, or what kustomize will say that it cannot read.
    if all(_OBJECT.search(part) for part in _SEPARATOR.split(text) if part.strip()):
        return None
    documents, _ = yamlio.parse(text, path)
    for document in documents:
        if document.value != {} and not _is_object(document.value):
            return _foreign(Location(path, document.document, document.line), place)
    return None


def _is_object(value: Any) -> bool:
    """Kustomize wants a kind, and a name unless it is a list."""
    if not isinstance(value, dict) or not value.get("kind"):
        return False
    metadata = value.get("metadata")
    named = isinstance(metadata, dict) and bool(metadata.get("name"))
    return named or str(value["kind"]).endswith("List")


def _overrides(spec: KustomizationSpec, features: Features) -> dict[str, Any]:
    values = {
        "namespace": spec.target_namespace,
        "namePrefix": spec.name_prefix,
        "nameSuffix": spec.name_suffix,
        "buildMetadata": list(spec.build_metadata) if features.build_metadata else [],
    }
    return {field: value for field, value in values.items() if value}


def _components(
    tree: SourceTree,
    kustomization: Kustomization,
    place: str,
    features: Features,
    findings: list[Finding],
) -> Iterator[str]:
    ignore = kustomization.spec.ignore_missing_components and features.ignore_missing_components
    for component in kustomization.spec.components:
        if _is_remote(component):
            findings.append(_remote_component(kustomization, component))
        elif _is_there(tree, place, component):
            yield component
        elif not ignore:
            findings.append(_missing_component(kustomization, place, component))


def _is_remote(path: str) -> bool:
    lower = path.lower()
    return (
        any(lower.startswith(prefix) and lower != prefix for prefix in _REMOTE)
        or path.startswith("/")
        or lower.startswith("file:///")
    )


def _is_there(tree: SourceTree, place: str, component: str) -> bool:
    try:
        return tree.kind(trees.resolve(place, component)) is not None
    except PathError:
        return False


def _images(existing: list[Any], images: Sequence[Image], features: Features) -> list[Any]:
    """Entries by name. A tag and a digest replace each other: both choose the version."""
    merged = [*existing]
    for image in images:
        fields = msgspec.to_builtins(image)
        index = next((i for i, entry in enumerate(merged) if _name(entry) == image.name), None)
        if index is None:
            merged.append(fields)
        elif features.merge_images:
            replaced = {"newTag", "digest"} if image.new_tag or image.digest else set()
            kept = {key: merged[index][key] for key in merged[index] if key not in replaced}
            merged[index] = {**kept, **fields}
        else:
            merged[index] = fields
    return merged


def _name(entry: Any) -> Any:
    return entry.get("name", "") if isinstance(entry, dict) else None


def _missing_path(tree: SourceTree, kustomization: Kustomization, place: str) -> Finding:
    what = "is a file" if _exists(tree, place, Kind.FILE) else "does not exist"
    return finding.error(
        "flux/missing-path",
        kustomization.origin.source,
        f"{kustomization.id}: its path {kustomization.spec.path!r} {what} in the source",
        "correct spec.path, which is relative to the root of the source, or create the folder",
        Location(place),
    )


def _several(place: str, present: Sequence[str]) -> Finding:
    return finding.error(
        "kustomize/several-kustomizations",
        Location(place),
        f"the folder {place or '.'!r} has {' and '.join(present)}",
        "keep one of them",
        *(Location(trees.join(place, name)) for name in present),
    )


def _ignored_field(at: Location, name: str) -> Finding:
    return finding.warning(
        "flux/ignored-field",
        at,
        f"Flux drops the field {name!r} without a word, because kustomize has no such field",
        "correct its name, or remove it",
    )


def _foreign(at: Location, place: str) -> Finding:
    return finding.error(
        "flux/not-a-manifest",
        at,
        "this is no Kubernetes object, and Flux takes every YAML file below "
        f"{place or 'the root'!r} for one because no kustomization.yaml lists which are",
        "add a kustomization.yaml there, move the file elsewhere, or name it in .sourceignore",
    )


def _nothing(kustomization: Kustomization, place: str) -> Finding:
    return finding.warning(
        "flux/nothing-to-apply",
        kustomization.origin.source,
        f"{kustomization.id} applies nothing: there is no YAML file below {place or 'the root'!r}",
        "correct spec.path, or remove the Kustomization",
        Location(place),
    )


def _remote_component(kustomization: Kustomization, component: str) -> Finding:
    return finding.error(
        "flux/component-not-local",
        kustomization.origin.source,
        f"{kustomization.id}: component {component!r} is not a relative path in the source",
        "copy the component into the source and refer to it by a path relative to spec.path",
    )


def _missing_component(kustomization: Kustomization, place: str, component: str) -> Finding:
    return finding.error(
        "flux/missing-component",
        kustomization.origin.source,
        f"{kustomization.id}: component {component!r} does not exist below {place or 'the root'!r}",
        "component paths are relative to spec.path; correct it, "
        "or set ignoreMissingComponents: true",
    )
