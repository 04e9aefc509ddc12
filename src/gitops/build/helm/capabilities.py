"""What `.Capabilities.APIVersions` holds on a cluster of a given Kubernetes version.

Helm asks the API server (`pkg/action/action.go`, GetVersionSet): every `group/version`, and every
`group/version/Kind`, the kinds of subresources included. The table has what an API server of
Kubernetes 1.30 to 1.36 serves unless it is told otherwise: all stable versions, and the one beta
that is older than the rule that betas are off.

Facts from the types of k8s.io/api, apiextensions-apiserver and kube-aggregator v0.30 to v0.36, and
from DefaultAPIResourceConfigSource in Kubernetes' `pkg/controlplane/instance.go`.
"""

from collections.abc import Iterable
from functools import lru_cache

from gitops.model import semver

_SERVED = {
    "v1": "Binding ComponentStatus ConfigMap Endpoints Event Eviction LimitRange Namespace Node "
    "NodeProxyOptions PersistentVolume PersistentVolumeClaim Pod PodAttachOptions PodExecOptions "
    "PodPortForwardOptions PodProxyOptions PodTemplate ReplicationController ResourceQuota Scale "
    "Secret Service ServiceAccount ServiceProxyOptions TokenRequest",
    "admissionregistration.k8s.io/v1": "MutatingWebhookConfiguration ValidatingAdmissionPolicy "
    "ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "apiregistration.k8s.io/v1": "APIService",
    "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet Scale StatefulSet",
    "authentication.k8s.io/v1": "SelfSubjectReview TokenReview",
    "authorization.k8s.io/v1": "LocalSubjectAccessReview SelfSubjectAccessReview "
    "SelfSubjectRulesReview SubjectAccessReview",
    "autoscaling/v1": "HorizontalPodAutoscaler",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "batch/v1": "CronJob Job",
    "certificates.k8s.io/v1": "CertificateSigningRequest",
    "coordination.k8s.io/v1": "Lease",
    "discovery.k8s.io/v1": "EndpointSlice",
    "events.k8s.io/v1": "Event",
    "flowcontrol.apiserver.k8s.io/v1": "FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io/v1": "Ingress IngressClass NetworkPolicy",
    "node.k8s.io/v1": "RuntimeClass",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io/v1": "PriorityClass",
    "storage.k8s.io/v1": "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment",
}
_SINCE = {
    33: {"networking.k8s.io/v1": "IPAddress ServiceCIDR"},
    34: {
        "resource.k8s.io/v1": "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice",
        "storage.k8s.io/v1": "VolumeAttributesClass",
    },
    36: {
        "admissionregistration.k8s.io/v1": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"
    },
}
_UNTIL = {31: {"flowcontrol.apiserver.k8s.io/v1beta3": "FlowSchema PriorityLevelConfiguration"}}


def api_versions(kube_version: str, crds: Iterable[str] = ()) -> tuple[str, ...]:
    """Everything that the cluster serves, sorted; `crds` is what its CRDs add.

    Versions of Kubernetes beyond the table count as the nearest that is in it.
    """
    return tuple(sorted({*_builtin(kube_version), *crds}))


@lru_cache(maxsize=16)
def _builtin(kube_version: str) -> frozenset[str]:
    version = semver.parse(kube_version)
    minor = version.minor if version else max(_SINCE)
    tables = [
        _SERVED,
        *(added for since, added in _SINCE.items() if minor >= since),
        *(served for until, served in _UNTIL.items() if minor <= until),
    ]
    return frozenset(
        name
        for table in tables
        for version_served, kinds in table.items()
        for name in (version_served, *(f"{version_served}/{kind}" for kind in kinds.split()))
    )
