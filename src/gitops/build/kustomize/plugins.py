"""Plugins that are built into kustomize, configured by objects of their own.

They are what the fields of a kustomization stand for, with field specs of one's own choosing.
Other plugins are programs or containers, which Flux does not run and which are not run here.
"""

from collections.abc import Callable
from typing import Any

from gitops.build.kustomize import (
    fields,
    fieldspecs,
    generating,
    images,
    metadata,
    names,
    namespaces,
    patches,
    replicas,
    transforming,
    valueadd,
)
from gitops.build.kustomize.config import from_entry
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fields import Mistake
from gitops.build.kustomize.fieldspecs import FieldSpecs
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource

_BUILTIN = "builtin"
_ACCOUNT = "IAMPolicyGenerator"
_GENERATORS = {
    "ConfigMapGenerator": "configMapGenerator",
    "SecretGenerator": "secretGenerator",
    _ACCOUNT: "",
}
_VALIDATED = "validated-by"

Settings = dict[str, Any]


def generate(asked: Directive, configuration: Resource) -> Resource | None:
    """What a generator plugin gives; None after a finding."""
    kind = configuration.gvk[2]
    settings = _settings(asked, configuration, _GENERATORS)
    if settings is None:
        return None
    if kind == _ACCOUNT:
        return _account(asked, settings)
    for field in ("name", "namespace"):
        if not settings.get(field):
            settings[field] = settings.get("metadata", {}).get(field, "")
    make = generating.KINDS[_GENERATORS[kind]][1]
    return generating.generate(asked, make, settings, {})


def transform(
    asked: Directive, resources: list[Resource], configuration: Resource
) -> list[Resource]:
    """What a transformer plugin leaves of the resources."""
    settings = _settings(asked, configuration, _TRANSFORMERS)
    if settings is None:
        return resources
    return _TRANSFORMERS[configuration.gvk[2]](asked, resources, settings)


def validate(asked: Directive, resources: list[Resource], configuration: Resource) -> None:
    """Runs a transformer plugin that must not change anything."""
    before = [(resource, transforming.encode(resource.body)) for resource in resources]
    left = transform(asked, resources, configuration)
    for resource in left:
        labels = resource.metadata.get("labels")
        if type(labels) is dict and labels.pop(_VALIDATED, None) is not None and not labels:
            del resource.metadata["labels"]
    if before != [(resource, transforming.encode(resource.body)) for resource in left]:
        hint = "list it under transformers if it is meant to"
        asked.problem("kustomize/validator", Problem("a validator changed resources", hint))


def _settings(asked: Directive, configuration: Resource, known: dict[str, Any]) -> Settings | None:
    group, version, kind = configuration.gvk
    if (group, version) != ("", _BUILTIN) or kind not in known:
        hint = "only plugins that are built into kustomize run; generate the objects beforehand"
        problem = Problem(f"the plugin {configuration} of {group or version} is not run", hint)
        asked.problem("kustomize/unsupported", problem)
        return None
    mistakes: list[Mistake] = []
    settings: Settings = fields.check(
        configuration.body, fields.PLUGINS[kind], mistakes, strict=False, lenient=True
    )
    for mistake in mistakes:
        asked.problem("kustomize/field-type", mistake.problem)
    return None if mistakes else settings


def _account(asked: Directive, settings: Settings) -> Resource | None:
    """A ServiceAccount that acts as one of Google's."""
    if settings.get("cloud") != "gke":
        problem = Problem("the only cloud known is gke", "set cloud: gke, or remove the generator")
        asked.problem("kustomize/field-type", problem)
        return None
    service, account = settings.get("kubernetesService", {}), settings.get("serviceAccount", {})
    mail = f"{account.get('name', '')}@{account.get('projectId', '')}.iam.gserviceaccount.com"
    metadata: dict[str, Any] = {
        "annotations": {"iam.gke.io/gcp-service-account": mail},
        "name": service.get("name", ""),
    }
    if service.get("namespace"):
        metadata["namespace"] = service["namespace"]
    body = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
    made = Resource(body, asked.file, asked.state.is_cluster_scoped)
    made.steps.append(asked.step)
    return made


def _specs(settings: Settings) -> FieldSpecs:
    return fieldspecs.unsorted(map(from_entry, settings.get("fieldSpecs", ())))


def _annotate(asked: Directive, resources: list[Resource], settings: Settings) -> list[Resource]:
    metadata.add(asked, resources, settings.get("annotations", {}), _specs(settings))
    return resources


def _label(asked: Directive, resources: list[Resource], settings: Settings) -> list[Resource]:
    metadata.add(asked, resources, settings.get("labels", {}), _specs(settings))
    return resources


def _hash(_asked: Directive, resources: list[Resource], _settings: Settings) -> list[Resource]:
    names.add_hashes(resources)
    return resources


def _image(asked: Directive, resources: list[Resource], settings: Settings) -> list[Resource]:
    change = images.change(settings.get("imageTag", {}))
    images.replace(asked, resources, change, _specs(settings))
    return resources


def _namespace(asked: Directive, resources: list[Resource], settings: Settings) -> list[Resource]:
    subjects = settings.get("setRoleBindingSubjects") or namespaces.DEFAULT_SUBJECTS
    namespace = settings.get("metadata", {}).get("namespace")
    if subjects not in namespaces.SUBJECT_MODES:
        known = ", ".join(namespaces.SUBJECT_MODES)
        message = f"setRoleBindingSubjects is one of {known}, not {subjects!r}"
        hint = f"use one of them; without it, it is {namespaces.DEFAULT_SUBJECTS}"
        problem = Problem(message, hint)
        asked.problem("kustomize/field-type", problem)
    elif namespace:
        unset_only = settings.get("unsetOnly", False)
        specs = _specs(settings)
        namespaces.move(asked, resources, namespace, specs, subjects, unset_only)
    return resources


def _prefix(asked: Directive, resources: list[Resource], settings: Settings) -> list[Resource]:
    names.add_prefix(asked, resources, settings.get("prefix", ""), _specs(settings))
    return resources


def _suffix(asked: Directive, resources: list[Resource], settings: Settings) -> list[Resource]:
    names.add_suffix(asked, resources, settings.get("suffix", ""), _specs(settings))
    return resources


def _both(asked: Directive, resources: list[Resource], settings: Settings) -> list[Resource]:
    return _suffix(asked, _prefix(asked, resources, settings), settings)


def _patch_json(asked: Directive, resources: list[Resource], settings: Settings) -> list[Resource]:
    entry = {**settings, "patch": settings.get("jsonOp", "")}
    patches.apply_json(asked, resources, entry)
    return resources


def _patch_strategic(
    asked: Directive, resources: list[Resource], settings: Settings
) -> list[Resource]:
    entries = [*settings.get("paths", ()), *filter(None, [settings.get("patches")])]
    if not entries:
        hint = "give paths of files, or the text of patches"
        asked.problem("kustomize/patch-invalid", Problem("paths or patches must be set", hint))
        return resources
    return patches.apply_strategic(asked, resources, [(asked, entry) for entry in entries])


def _replace(asked: Directive, resources: list[Resource], settings: Settings) -> list[Resource]:
    transforming.replace(asked, resources, settings.get("replacements", []))
    return resources


def _scale(asked: Directive, resources: list[Resource], settings: Settings) -> list[Resource]:
    replicas.scale(asked, resources, settings.get("replica", {}), _specs(settings))
    return resources


_TRANSFORMERS: dict[str, Callable[[Directive, list[Resource], Settings], list[Resource]]] = {
    "AnnotationsTransformer": _annotate,
    "HashTransformer": _hash,
    "ImageTagTransformer": _image,
    "LabelTransformer": _label,
    "NamespaceTransformer": _namespace,
    "PatchJson6902Transformer": _patch_json,
    "PatchStrategicMergeTransformer": _patch_strategic,
    "PatchTransformer": patches.apply,
    "PrefixSuffixTransformer": _both,
    "PrefixTransformer": _prefix,
    "ReplacementTransformer": _replace,
    "ReplicaCountTransformer": _scale,
    "SuffixTransformer": _suffix,
    "ValueAddTransformer": valueadd.add,
}
