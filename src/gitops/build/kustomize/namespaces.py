"""Namespaces: the `namespace` field."""

from typing import Any

from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fieldspecs import FieldSpec, FieldSpecs, specs, walk
from gitops.build.kustomize.keyed import is_null
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import HELM_GENERATED, Resource, text

_BINDINGS = ("RoleBinding", "ClusterRoleBinding")

DEFAULT_SUBJECTS = "defaultOnly"
ALL_SUBJECTS = "allServiceAccounts"
NO_SUBJECTS = "none"
SUBJECT_MODES = (DEFAULT_SUBJECTS, NO_SUBJECTS, ALL_SUBJECTS)


def move(
    asked: Directive,
    resources: list[Resource],
    namespace: str,
    where: FieldSpecs,
    subjects: str = DEFAULT_SUBJECTS,
    unset_only: bool = False,
) -> None:
    """Moves resources into the namespace, and with them what they say of it.

    Cluster-scoped types stay; of the subjects of role bindings, those named `default` follow.
    """
    step = asked.step
    writer = _Writer(namespace, unset_only)
    for resource in resources:
        if resource.annotation(HELM_GENERATED) == "true":
            continue
        resource.remember()
        writer.changed = False
        problem = _move(resource, writer, where, subjects)
        if problem:
            asked.problem("kustomize/field-spec", problem, resource)
        if writer.changed:
            resource.steps.append(step)
    asked.refuse_collisions(resources)


def set_namespace(resource: Resource, namespace: str) -> Problem | None:
    """Writes the namespace into one resource, with the subjects that follow it."""
    return _move(resource, _Writer(namespace, False), specs(()), DEFAULT_SUBJECTS)


class _Writer:
    """Sets the namespace, and notes whether that changed anything."""

    def __init__(self, namespace: str, unset_only: bool) -> None:
        self.namespace = namespace
        self.unset_only = unset_only
        self.changed = False

    def __call__(self, holder: Any, key: Any) -> Problem | None:
        value = holder[key]
        if isinstance(value, dict | list):
            hint = "give the namespace as one text, or leave it out of the object"
            return Problem(f"{key!r} must be a string", hint)
        if self.unset_only and text(value):
            return None
        if value != self.namespace:
            holder[key] = self.namespace
            self.changed = True
        return None


def _move(resource: Resource, writer: _Writer, where: FieldSpecs, subjects: str) -> Problem | None:
    group, version, kind = resource.gvk
    if not resource.is_cluster_scoped((group, version, kind)):
        metadata = resource.require_metadata()
        metadata.setdefault("namespace", "")
        if problem := writer(metadata, "namespace"):
            return problem
    if kind in _BINDINGS and (problem := _move_subjects(resource, writer, subjects)):
        return problem
    for spec in where.matching((group, version, kind)):
        if _is_ours(spec, resource, kind):
            continue
        if problem := walk(resource.body, spec.parts, writer, str if spec.create else None):
            return problem
    return None


def _is_ours(spec: FieldSpec, resource: Resource, kind: str) -> bool:
    """Whether the field is left to the rules above, whatever the configuration says."""
    if spec.path == "metadata/namespace":
        return True
    if spec.path == "metadata/name":
        return text(resource.body.get("apiVersion")) != "v1"
    return spec.path == "subjects/namespace" and spec.gvk[2] in _BINDINGS and kind in _BINDINGS


def _move_subjects(resource: Resource, writer: _Writer, mode: str) -> Problem | None:
    subjects = resource.body.get("subjects")
    if mode == NO_SUBJECTS or is_null(subjects):
        return None
    if type(subjects) is not list:
        return Problem("subjects must be a list", "put - before the subject")
    field, wanted = ("kind", "ServiceAccount") if mode == ALL_SUBJECTS else ("name", "default")
    for subject in subjects:
        if is_null(subject):
            continue
        if type(subject) is not dict:
            return Problem("a subject must be a mapping", "give it a kind and a name")
        if subject.get(field) == wanted:
            subject.setdefault("namespace", "")
            if problem := writer(subject, "namespace"):
                return problem
    return None
