"""When Kubernetes gives up a version of one of its own kinds, and what comes in its place.

Source: the `zz_generated.prerelease-lifecycle.go` of k8s.io/api up to 0.36, of
apiextensions-apiserver and of kube-aggregator, which tests hold this table against. Kinds that are
sent and not kept, such as reviews, are left out.
"""

import msgspec

from gitops.model import semver


class Lifetime(msgspec.Struct, frozen=True):
    """The Kubernetes versions that deprecate a version of a kind and that stop serving it, and the
    `apiVersion` or the advice in its place; "" for what is not foreseen."""

    deprecated: str
    removed: str = ""
    instead: str = ""

    def is_deprecated(self, kube_version: str) -> bool:
        """Whether this Kubernetes version warns of it."""
        return reached(self.deprecated, kube_version)

    def is_removed(self, kube_version: str) -> bool:
        """Whether this Kubernetes version serves it no more."""
        return reached(self.removed, kube_version)


def reached(since: str, kube_version: str) -> bool:
    """Whether a Kubernetes version is the one of this minor version, or comes after it."""
    first, pinned = semver.parse(f"{since}.0"), semver.parse(kube_version)
    return first is not None and (pinned is None or first.rank <= pinned.rank)


_ROWS = """
admissionregistration.k8s.io/v1alpha1 1.29 1.32 admissionregistration.k8s.io/v1
    ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1alpha1 1.35 1.38 admissionregistration.k8s.io/v1
    MutatingAdmissionPolicy MutatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1beta1 1.16 1.22 admissionregistration.k8s.io/v1
    MutatingWebhookConfiguration ValidatingWebhookConfiguration
admissionregistration.k8s.io/v1beta1 1.31 1.34 admissionregistration.k8s.io/v1
    ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1beta1 1.37 1.40 admissionregistration.k8s.io/v1
    MutatingAdmissionPolicy MutatingAdmissionPolicyBinding
apiextensions.k8s.io/v1beta1 1.16 1.22 apiextensions.k8s.io/v1
    CustomResourceDefinition
apiregistration.k8s.io/v1beta1 1.19 1.22 apiregistration.k8s.io/v1
    APIService
apps/v1beta1 1.8 1.16 apps/v1
    ControllerRevision Deployment StatefulSet
apps/v1beta2 1.9 1.16 apps/v1
    ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet
autoscaling/v2beta1 1.22 1.25 autoscaling/v2
    HorizontalPodAutoscaler
autoscaling/v2beta2 1.23 1.26 autoscaling/v2
    HorizontalPodAutoscaler
batch/v1beta1 1.21 1.25 batch/v1
    CronJob
certificates.k8s.io/v1alpha1 1.34 1.37 certificates.k8s.io/v1beta1
    ClusterTrustBundle
certificates.k8s.io/v1beta1 1.19 1.22 certificates.k8s.io/v1
    CertificateSigningRequest
certificates.k8s.io/v1beta1 1.37 1.40 -
    ClusterTrustBundle
certificates.k8s.io/v1beta1 1.38 1.41 -
    PodCertificateRequest
coordination.k8s.io/v1alpha2 1.35 1.38 coordination.k8s.io/v1beta1
    LeaseCandidate
coordination.k8s.io/v1beta1 1.19 1.22 coordination.k8s.io/v1
    Lease
coordination.k8s.io/v1beta1 1.36 1.39 -
    LeaseCandidate
discovery.k8s.io/v1beta1 1.21 1.25 discovery.k8s.io/v1
    EndpointSlice
events.k8s.io/v1beta1 1.22 1.25 events.k8s.io/v1
    Event
extensions/v1beta1 1.8 1.16 apps/v1
    DaemonSet Deployment ReplicaSet
extensions/v1beta1 1.9 1.16 networking.k8s.io/v1
    NetworkPolicy
extensions/v1beta1 1.11 1.16 policy/v1beta1
    PodSecurityPolicy
extensions/v1beta1 1.14 1.22 networking.k8s.io/v1
    Ingress
flowcontrol.apiserver.k8s.io/v1alpha1 1.20 1.21 flowcontrol.apiserver.k8s.io/v1beta2
    FlowSchema PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta1 1.23 1.26 flowcontrol.apiserver.k8s.io/v1beta3
    FlowSchema PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta2 1.26 1.29 flowcontrol.apiserver.k8s.io/v1beta3
    FlowSchema PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta3 1.29 1.32 flowcontrol.apiserver.k8s.io/v1
    FlowSchema PriorityLevelConfiguration
networking.k8s.io/v1alpha1 1.30 1.33 networking.k8s.io/v1
    IPAddress ServiceCIDR
networking.k8s.io/v1beta1 1.19 1.22 networking.k8s.io/v1
    Ingress IngressClass
networking.k8s.io/v1beta1 1.34 1.37 networking.k8s.io/v1
    IPAddress ServiceCIDR
node.k8s.io/v1beta1 1.22 1.25 node.k8s.io/v1
    RuntimeClass
policy/v1beta1 1.21 1.25 policy/v1
    PodDisruptionBudget
policy/v1beta1 1.21 1.25 -
    PodSecurityPolicy
rbac.authorization.k8s.io/v1beta1 1.17 1.22 rbac.authorization.k8s.io/v1
    ClusterRole ClusterRoleBinding Role RoleBinding
resource.k8s.io/v1alpha3 1.34 1.37 resource.k8s.io/v1beta1
    DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
resource.k8s.io/v1alpha3 1.36 1.39 resource.k8s.io/v1beta2
    DeviceTaintRule
resource.k8s.io/v1alpha3 1.39 1.42 -
    ResourcePoolStatusRequest
resource.k8s.io/v1beta1 1.35 1.38 resource.k8s.io/v1
    DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
resource.k8s.io/v1beta2 1.36 1.39 resource.k8s.io/v1
    DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
resource.k8s.io/v1beta2 1.39 1.42 -
    DeviceTaintRule
scheduling.k8s.io/v1beta1 1.14 1.22 scheduling.k8s.io/v1
    PriorityClass
storage.k8s.io/v1alpha1 1.21 1.24 storage.k8s.io/v1beta1
    CSIStorageCapacity
storage.k8s.io/v1alpha1 1.21 1.24 storage.k8s.io/v1
    VolumeAttachment
storage.k8s.io/v1alpha1 1.32 1.35 storage.k8s.io/v1
    VolumeAttributesClass
storage.k8s.io/v1beta1 1.17 1.22 storage.k8s.io/v1
    CSINode
storage.k8s.io/v1beta1 1.19 1.22 storage.k8s.io/v1
    CSIDriver StorageClass VolumeAttachment
storage.k8s.io/v1beta1 1.24 1.27 storage.k8s.io/v1
    CSIStorageCapacity
storage.k8s.io/v1beta1 1.34 1.37 storage.k8s.io/v1
    VolumeAttributesClass
storagemigration.k8s.io/v1alpha1 1.33 1.36 storagemigration.k8s.io/v1beta1
    StorageVersionMigration
storagemigration.k8s.io/v1beta1 1.38 1.41 -
    StorageVersionMigration
"""
"""`apiVersion`, deprecated since, gone since, instead; then the kinds."""

_STABLE = {
    ("v1", "ComponentStatus"): Lifetime("1.19", "", "nothing: ask the health endpoints"),
    ("v1", "Endpoints"): Lifetime("1.33", "", "discovery.k8s.io/v1 EndpointSlice"),
}
"""What is only deprecated. Source: the CHANGELOG of the versions named."""


def _table() -> dict[tuple[str, str], Lifetime]:
    lines = _ROWS.strip().splitlines()
    found = dict(_STABLE)
    for row, kinds in zip(lines[::2], lines[1::2], strict=True):
        api_version, deprecated, removed, instead = row.split()
        lifetime = Lifetime(deprecated, removed, "" if instead == "-" else instead)
        found |= {(api_version, kind): lifetime for kind in kinds.split()}
    return found


TABLE = _table()
"""By `apiVersion` and kind."""
