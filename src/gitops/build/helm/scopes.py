"""Which kinds live in a namespace.

Facts for the built-in kinds from the types of k8s.io/api, apiextensions-apiserver and
kube-aggregator, v0.30 to v0.36 (`genclient:nonNamespaced`).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gitops.model.ids import ObjectId

_CLUSTER = {
    "": "ComponentStatus Namespace Node PersistentVolume",
    "admissionregistration.k8s.io": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding "
    "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
    "ValidatingWebhookConfiguration",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "authentication.k8s.io": "SelfSubjectReview TokenReview",
    "authorization.k8s.io": "SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
    "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle",
    "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
    "internal.apiserver.k8s.io": "StorageVersion",
    "networking.k8s.io": "IPAddress IngressClass ServiceCIDR",
    "node.k8s.io": "RuntimeClass",
    "policy": "PodSecurityPolicy",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding",
    "resource.k8s.io": "DeviceClass DeviceTaintRule ResourceClass ResourcePoolStatusRequest "
    "ResourceSlice",
    "scheduling.k8s.io": "PriorityClass",
    "storage.k8s.io": "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
    "storagemigration.k8s.io": "StorageVersionMigration",
}
_CLUSTER_KINDS = {(group, kind) for group, kinds in _CLUSTER.items() for kind in kinds.split()}
_BUILTIN = {
    *_CLUSTER,
    "apps",
    "autoscaling",
    "batch",
    "coordination.k8s.io",
    "discovery.k8s.io",
} | {
    "events.k8s.io",
    "extensions",
}

_WIDE = {
    "cilium.io": "CiliumBGPAdvertisement CiliumBGPClusterConfig CiliumBGPNodeConfig "
    "CiliumBGPNodeConfigOverride CiliumBGPPeerConfig CiliumBGPPeeringPolicy CiliumCIDRGroup "
    "CiliumClusterwideEnvoyConfig CiliumClusterwideNetworkPolicy CiliumEgressGatewayPolicy "
    "CiliumL2AnnouncementPolicy CiliumLoadBalancerIPPool CiliumNode CiliumPodIPPool",
    "groupsnapshot.storage.k8s.io": "VolumeGroupSnapshotContent",
    "karpenter.sh": "NodeClaim NodePool",
    "nfd.k8s-sigs.io": "NodeFeatureRule",
    "policy.networking.k8s.io": "AdminNetworkPolicy BaselineAdminNetworkPolicy",
    "snapshot.storage.k8s.io": "VolumeSnapshotContent",
    "trust.cert-manager.io": "Bundle",
}
"""Custom resources without a namespace that their names do not give away, by the definitions of
their vendors."""
_HELD = {"addons.cluster.x-k8s.io", "cluster.x-k8s.io", "logging.banzaicloud.io"} | {
    "operators.coreos.com"
}
"""Groups whose kinds called `Cluster...` are about clusters, and live in a namespace."""

Scopes = Mapping[tuple[str, str], bool]
"""From group and kind of custom resources to whether they live in a namespace."""


def is_namespaced(id: ObjectId, custom: Scopes) -> bool:
    """Whether objects of the kind live in a namespace.

    For custom resources whose definition is not known, some kinds are; for the others this is a
    guess by their name: those called `Cluster...` or `...Class` rarely do, all others mostly do.
    """
    kind = (id.group, id.kind)
    if id.group in _BUILTIN:
        return kind not in _CLUSTER_KINDS
    known = custom.get(kind)
    if known is not None:
        return known
    if id.group in _HELD:
        return True
    wide = id.kind.removeprefix("Cluster") not in ("", id.kind) or id.kind.endswith("Class")
    return not (wide or id.kind in _WIDE.get(id.group, "").split())


def defined(bodies: Iterable[Mapping[str, Any]]) -> Iterator[tuple[tuple[str, str], bool]]:
    """What the CustomResourceDefinitions among the objects say of their kinds."""
    for body in bodies:
        if body.get("kind") != "CustomResourceDefinition":
            continue
        spec = body.get("spec")
        names = spec.get("names") if isinstance(spec, dict) else None
        if isinstance(spec, dict) and isinstance(names, dict):
            kind = (str(spec.get("group", "")), str(names.get("kind", "")))
            yield kind, spec.get("scope") != "Cluster"
