"""The names that objects of each kind may have.

Source: `pkg/apis/*/validation`, the function that each kind gives to ValidateObjectMeta.
"""

from collections.abc import Callable, Iterator
from typing import Any

from gitops.check.fields import mapping, text
from gitops.check.schemas import names
from gitops.check.schemas.problem import Fault, Pointer, Problem
from gitops.check.schemas.strategy.demands import Rule

_WORDS: dict[Callable[[str], bool], str] = {
    names.is_label: "a-z, 0-9 and -, at most 63 characters, no - at either end",
    names.is_subdomain: "a-z, 0-9, - and ., at most 253 characters, only a-z and 0-9 at the ends",
    names.is_path_segment: "anything but . and .. without / and %",
}
_KINDS: dict[Callable[[str], bool], str] = {
    names.is_label: "core.v1.Namespace core.v1.Service apps.v1.StatefulSet",
    names.is_subdomain: """
        core.v1.ConfigMap core.v1.Endpoints core.v1.LimitRange core.v1.Node core.v1.PersistentVolume
        core.v1.PersistentVolumeClaim core.v1.Pod core.v1.PodTemplate core.v1.ReplicationController
        core.v1.ResourceQuota core.v1.Secret core.v1.ServiceAccount
        apps.v1.DaemonSet apps.v1.Deployment apps.v1.ReplicaSet
        autoscaling.v1.HorizontalPodAutoscaler autoscaling.v2.HorizontalPodAutoscaler
        batch.v1.CronJob batch.v1.Job coordination.v1.Lease discovery.v1.EndpointSlice
        networking.v1.Ingress networking.v1.IngressClass networking.v1.NetworkPolicy
        node.v1.RuntimeClass scheduling.v1.PriorityClass storage.v1.CSIDriver
        storage.v1.StorageClass
        admissionregistration.v1.MutatingWebhookConfiguration
        admissionregistration.v1.ValidatingAdmissionPolicy
        admissionregistration.v1.ValidatingAdmissionPolicyBinding
        admissionregistration.v1.ValidatingWebhookConfiguration
    """,
    names.is_path_segment: """
        policy.v1.PodDisruptionBudget rbac.v1.ClusterRole rbac.v1.ClusterRoleBinding rbac.v1.Role
        rbac.v1.RoleBinding
    """,
}
_LENGTH_OF_CRON_JOBS = 52


def _named(is_right: Callable[[str], bool]) -> Rule:
    def named(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
        name = text(mapping(body.get("metadata")).get("name"))
        if name and not is_right(name):
            message = f"{name!r} is no name for it: {_WORDS[is_right]}"
            yield Problem(Fault.METADATA, (*at, "metadata", "name"), message)

    return named


def cron_job(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """The names of its Jobs get eleven characters more."""
    name = text(mapping(body.get("metadata")).get("name"))
    if len(name) > _LENGTH_OF_CRON_JOBS:
        message = f"has {len(name)} characters; a CronJob may have {_LENGTH_OF_CRON_JOBS}"
        yield Problem(Fault.METADATA, (*at, "metadata", "name"), message)


def service(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A Service was once named by an older rule (RFC 1035)."""
    name = text(mapping(body.get("metadata")).get("name"))
    if names.is_label(name) and not names.is_label_with_letter_first(name):
        message = f"{name!r} is no name of a Service: it must begin with a letter"
        yield Problem(Fault.METADATA, (*at, "metadata", "name"), message)


RULES = (
    *((kind, _named(form)) for form, kinds in _KINDS.items() for kind in kinds.split()),
    ("batch.v1.CronJob", cron_job),
)

EARLIER = (("core.v1.Service", service),)
"""Gate RelaxedServiceNameValidation."""
