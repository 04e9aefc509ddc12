"""What every cluster has before anything is applied to it, and kinds that make nothing.

Source: kube-apiserver (bootstrap policy, PriorityClasses, default/kubernetes), the controllers for
service accounts and root certificates, kubeadm and Talos (kube-dns).
"""

Key = tuple[str, str, str, str]
"""Group, kind, namespace and name."""

_RBAC = "rbac.authorization.k8s.io"
_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
_CLUSTER_ROLES = ("admin", "cluster-admin", "edit", "view")

_GIVEN: frozenset[Key] = frozenset(
    {
        *(("", "Namespace", "", name) for name in _NAMESPACES),
        *((_RBAC, "ClusterRole", "", name) for name in _CLUSTER_ROLES),
        ("scheduling.k8s.io", "PriorityClass", "", "system-cluster-critical"),
        ("scheduling.k8s.io", "PriorityClass", "", "system-node-critical"),
        (_RBAC, "Role", "kube-system", "extension-apiserver-authentication-reader"),
        ("", "ConfigMap", "kube-system", "extension-apiserver-authentication"),
        ("", "ConfigMap", "kube-public", "cluster-info"),
        ("", "ConfigMap", "kube-system", "kubeadm-config"),
        ("", "Service", "default", "kubernetes"),
        ("", "Service", "kube-system", "kube-dns"),
    }
)

_CONTROLLERS = {
    "bootstrap-signer",
    "generic-garbage-collector",
    "horizontal-pod-autoscaler",
    "persistent-volume-binder",
    "pod-garbage-collector",
    "root-ca-cert-publisher",
    "token-cleaner",
}
"""Accounts of kube-controller-manager whose names do not tell."""

_EVERYWHERE = {
    ("", "ConfigMap", "istio-ca-root-cert"),
    ("", "ConfigMap", "kube-root-ca.crt"),
    ("", "ServiceAccount", "default"),
}
"""What Kubernetes makes in each namespace, and istiod, whose ConfigMap only its users ask for
(istio, pilot/pkg/bootstrap, NamespaceController)."""


def is_given(key: Key) -> bool:
    """Whether the object is there in every cluster, or in every namespace of one.

    Kubernetes keeps names that begin with `system:` to itself, and gives controllers in kube-system
    accounts of their own.
    """
    group, kind, namespace, name = key
    if key in _GIVEN or (group, kind, name) in _EVERYWHERE:
        return True
    if group == _RBAC:
        return name.startswith("system:")
    is_account = kind == "ServiceAccount" and namespace == "kube-system"
    return is_account and (name.endswith("-controller") or name in _CONTROLLERS)


QUIET: frozenset[tuple[str, str]] = frozenset(
    {
        ("argoproj.io", "AppProject"),
        ("ceph.rook.io", "CephBlockPool"),
        ("ceph.rook.io", "CephFilesystemSubVolumeGroup"),
        ("cert-manager.io", "ClusterIssuer"),
        ("external-secrets.io", "ClusterSecretStore"),
        ("external-secrets.io", "PushSecret"),
        ("external-secrets.io", "SecretStore"),
        ("externaldns.k8s.io", "DNSEndpoint"),
        ("gateway.networking.k8s.io", "BackendTLSPolicy"),
        ("gateway.networking.k8s.io", "GatewayClass"),
        ("gateway.networking.k8s.io", "GRPCRoute"),
        ("gateway.networking.k8s.io", "HTTPRoute"),
        ("gateway.networking.k8s.io", "ReferenceGrant"),
        ("gateway.networking.k8s.io", "TCPRoute"),
        ("gateway.networking.k8s.io", "TLSRoute"),
        ("gateway.networking.k8s.io", "UDPRoute"),
        ("grafana.integreatly.org", "GrafanaContactPoint"),
        ("grafana.integreatly.org", "GrafanaDashboard"),
        ("grafana.integreatly.org", "GrafanaDatasource"),
        ("grafana.integreatly.org", "GrafanaFolder"),
        ("k8s.keycloak.org", "KeycloakRealmImport"),
        ("kafka.strimzi.io", "KafkaConnector"),
        ("kafka.strimzi.io", "KafkaRebalance"),
        ("kafka.strimzi.io", "KafkaTopic"),
        ("postgresql.cnpg.io", "Backup"),
        ("postgresql.cnpg.io", "Database"),
        ("postgresql.cnpg.io", "ScheduledBackup"),
        ("barmancloud.cnpg.io", "ObjectStore"),
    }
)
"""Kinds of operators known here of which nothing is made that other objects name."""

QUIET_GROUPS: frozenset[str] = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "autoscaling",
        "batch",
        "cilium.io",
        "coordination.k8s.io",
        "csi.ceph.io",
        "discovery.k8s.io",
        "helm.toolkit.fluxcd.io",
        "keda.sh",
        "kustomize.toolkit.fluxcd.io",
        "monitoring.coreos.com",
        "networking.k8s.io",
        "node.k8s.io",
        "notification.toolkit.fluxcd.io",
        "operator.victoriametrics.com",
        "policy",
        "rbac.authorization.k8s.io",
        "scheduling.k8s.io",
        "snapshot.storage.k8s.io",
        "source.toolkit.fluxcd.io",
        "storage.k8s.io",
    }
)
"""Groups of which nothing more is made than is told here."""
