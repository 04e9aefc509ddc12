"""The last steps before Flux applies the objects of a Kustomization.

Owner labels, then normalisation, then `spec.commonMetadata`, which wins over both. Source:
kustomize-controller, reconcile and apply; fluxcd/pkg ssa SetOwnerLabels and SetCommonMetadata.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gitops.build import written
from gitops.build.flux import normalise
from gitops.build.flux.version import Features
from gitops.build.written import Read
from gitops.model import finding, manifest
from gitops.model.finding import Finding
from gitops.model.flux import KUSTOMIZE_GROUP, CommonMetadata, Kustomization
from gitops.model.manifest import Manifest
from gitops.model.origin import Step

NAME_LABEL = f"{KUSTOMIZE_GROUP}/name"
NAMESPACE_LABEL = f"{KUSTOMIZE_GROUP}/namespace"


def prepare(
    manifests: Iterable[Manifest],
    kustomization: Kustomization,
    read: Read,
    features: Features | None = None,
) -> tuple[tuple[Manifest, ...], tuple[Finding, ...]]:
    """The objects as Flux sends them to the API server. Kustomization files are no objects.

    `read` gives a source file, or raises PathError: findings name the line of a field. With
    `features`, an API version that this Flux removed is a finding.
    """
    owner = {NAME_LABEL: kustomization.id.name, NAMESPACE_LABEL: kustomization.id.namespace}
    extra = kustomization.spec.common_metadata
    steps = (Step("metadata", kustomization.origin.source, str(kustomization.id)),)
    prepared: list[Manifest] = []
    findings: list[Finding] = []
    for each in manifests:
        if each.id.kind == "Kustomization" and each.id.group == "kustomize.config.k8s.io":
            continue
        if not (each.id.api_version and each.id.kind and each.id.name):
            findings.append(_incomplete(each))
            continue
        body = each.body()
        findings.extend(_not_text(each, body, read))
        if features and each.id.api_version in features.removed_apis:
            findings.append(_removed(each, features))
        label(body, owner)
        normalise.normalise(body, complete=not each.incomplete)
        if extra:
            add_metadata(body, extra)
        origin = each.origin.then(*steps)
        prepared.append(manifest.manifest(body, origin, each.incomplete, revealed=each.revealed))
    return tuple(prepared), tuple(findings)


def label(body: dict[str, Any], labels: Mapping[str, str]) -> None:
    """Add labels. Where one of the old ones is no text, Flux loses them all."""
    metadata = body.setdefault("metadata", {})
    if isinstance(metadata, dict):
        metadata["labels"] = {**_texts(metadata.get("labels")), **labels}


def add_metadata(body: dict[str, Any], extra: CommonMetadata) -> None:
    """Add labels and annotations, over those that are there; selectors and pod templates stay."""
    metadata = body.setdefault("metadata", {})
    if not isinstance(metadata, dict):
        return
    for field, added in (("labels", extra.labels), ("annotations", extra.annotations)):
        texts = {**_texts(metadata.get(field)), **added}
        if texts:
            metadata[field] = texts


def is_refused(each: Manifest) -> bool:
    """Whether the API server refuses an object for its annotations; labels that are no text Flux
    drops before."""
    metadata = each.body().get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    return isinstance(annotations, dict) and bool(_others(annotations))


def _texts(value: object) -> dict[str, str]:
    """A map of texts, null counting as empty; nothing where a value is something else."""
    if not isinstance(value, dict) or _others(value):
        return {}
    return {key: text or "" for key, text in value.items()}


def _others(value: Mapping[str, object]) -> list[str]:
    return [key for key, text in value.items() if not isinstance(text, str | None)]


def _incomplete(each: Manifest) -> Finding:
    names = {"apiVersion": each.id.api_version, "kind": each.id.kind, "metadata.name": each.id.name}
    missing = [field for field, value in names.items() if not value]
    return finding.error(
        "flux/incomplete-object",
        each.origin.source,
        f"{each.id} has no {' and no '.join(missing)}",
        "add what is missing: Flux refuses the Kustomization, or drops the object without a word "
        "if variables made it so",
    )


def _not_text(each: Manifest, body: Mapping[str, Any], read: Read) -> Iterator[Finding]:
    found = body.get("metadata")
    metadata = found if isinstance(found, dict) else {}
    for field in ("labels", "annotations"):
        values = metadata.get(field)
        values = values if isinstance(values, dict) else {}
        for key in _others(values):
            yield finding.error(
                "flux/metadata-not-text",
                written.place(("metadata", field, key), each.origin, read),
                f"{each.id}: the value of metadata.{field}.{key} is {_kind_of(values[key])}, "
                + _CONSEQUENCE[field],
                "quote the value; if a variable gives it, write ${quote}${NAME}${quote} "
                "and define the variable quote as a double quote: quote: '\"'",
            )


def _removed(each: Manifest, features: Features) -> Finding:
    written = f"{each.id} is written as {each.id.api_version}, which"
    hint = "write it in the newest API version: v2 for HelmReleases, v1 for all others"
    if not features.assumed:
        message = f"{written} this version of Flux removed"
        return finding.error("flux/removed-api", each.origin.source, message, hint)
    return finding.warning(
        "flux/removed-api",
        each.origin.source,
        f"{written} the newest version of Flux removed; it is taken because none is named",
        f"{hint}; or name the version that runs there, as flux-version in gitops.toml",
    )


_CONSEQUENCE = {
    "labels": "and Flux then drops all labels of the object",
    "annotations": "which the API server refuses",
}


def _kind_of(value: object) -> str:
    match value:
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case _:
            return "no text"
