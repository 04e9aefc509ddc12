"""Where kustomize's transformers act when nothing else is configured.

The facts are those of kustomize 5.8 (api/internal/konfig/builtinpluginconsts), written down by what
they have in common: most of them are places in a pod template.
"""

from collections.abc import Iterator, Sequence

from gitops.build.kustomize.config import Config, References
from gitops.build.kustomize.fieldspecs import FieldSpec, creating, field_spec, specs

_POD_SPECS = {
    "Pod": "spec",
    "PodTemplate": "template/spec",
    "Deployment": "spec/template/spec",
    "ReplicaSet": "spec/template/spec",
    "ReplicationController": "spec/template/spec",
    "DaemonSet": "spec/template/spec",
    "StatefulSet": "spec/template/spec",
    "Job": "spec/template/spec",
    "CronJob": "spec/jobTemplate/spec/template/spec",
}
_MOUNTING = (
    "Pod",
    "PodTemplate",
    "Deployment",
    "ReplicaSet",
    "DaemonSet",
    "StatefulSet",
    "Job",
    "CronJob",
)
_RUNNING = (
    "Pod",
    "StatefulSet",
    "Deployment",
    "ReplicationController",
    "CronJob",
    "Job",
    "DaemonSet",
)
_RBAC = "rbac.authorization.k8s.io"
_ADMISSION = "admissionregistration.k8s.io"


def _in_pods(kinds: Sequence[str], *paths: str, version: str = "") -> Iterator[FieldSpec]:
    for kind in kinds:
        for path in paths:
            only = version if kind == "Pod" else ""
            yield field_spec(f"{_POD_SPECS[kind]}/{path}", kind, version=only)


def _in_containers(path: str) -> tuple[str, str]:
    return f"containers/{path}", f"initContainers/{path}"


def _label_metadata() -> Iterator[FieldSpec]:
    yield creating("metadata/labels")
    yield creating("spec/template/metadata/labels", "ReplicationController", version="v1")
    for kind in ("Deployment", "ReplicaSet", "DaemonSet"):
        yield creating("spec/template/metadata/labels", kind)
    yield creating("spec/template/metadata/labels", "StatefulSet", "apps")
    yield creating("spec/volumeClaimTemplates[]/metadata/labels", "StatefulSet", "apps")
    yield creating("spec/template/metadata/labels", "Job", "batch")
    yield creating("spec/jobTemplate/metadata/labels", "CronJob", "batch")
    yield creating("spec/jobTemplate/spec/template/metadata/labels", "CronJob", "batch")


def _label_selectors() -> Iterator[FieldSpec]:
    for kind in ("Service", "ReplicationController"):
        yield creating("spec/selector", kind, version="v1")
    for kind in ("Deployment", "ReplicaSet", "DaemonSet"):
        yield creating("spec/selector/matchLabels", kind)
    yield creating("spec/selector/matchLabels", "StatefulSet", "apps")
    for kind in ("Deployment", "StatefulSet"):
        for path in _affinities():
            yield field_spec(f"spec/template/spec/{path}", kind, "apps")
    yield field_spec("spec/selector/matchLabels", "Job", "batch")
    yield field_spec("spec/jobTemplate/spec/selector/matchLabels", "CronJob", "batch")
    yield field_spec("spec/selector/matchLabels", "PodDisruptionBudget", "policy")
    for path in ("spec", "spec/ingress/from", "spec/egress/to"):
        yield field_spec(f"{path}/podSelector/matchLabels", "NetworkPolicy", "networking.k8s.io")


def _affinities() -> Iterator[str]:
    for side in ("affinity/podAffinity", "affinity/podAntiAffinity"):
        wish = f"{side}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm"
        yield f"{wish}/labelSelector/matchLabels"
        must = f"{side}/requiredDuringSchedulingIgnoredDuringExecution"
        yield f"{must}/labelSelector/matchLabels"
    yield "topologySpreadConstraints/labelSelector/matchLabels"


def _annotations() -> Iterator[FieldSpec]:
    path = "metadata/annotations"
    yield creating(path)
    yield creating(f"spec/template/{path}", "ReplicationController", version="v1")
    for kind in ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"):
        yield creating(f"spec/template/{path}", kind)
    yield creating(f"spec/template/{path}", "Job", "batch")
    yield creating(f"spec/jobTemplate/{path}", "CronJob", "batch")
    yield creating(f"spec/jobTemplate/spec/template/{path}", "CronJob", "batch")


def _namespaces() -> Iterator[FieldSpec]:
    yield creating("metadata/name", "Namespace")
    yield creating("spec/service/namespace", "APIService", "apiregistration.k8s.io")
    yield field_spec(
        "spec/conversion/webhook/clientConfig/service/namespace",
        "CustomResourceDefinition",
        "apiextensions.k8s.io",
    )


def _images() -> Iterator[FieldSpec]:
    for pod in ("spec", "spec/template/spec"):
        yield creating(f"{pod}/containers[]/image")
        yield creating(f"{pod}/initContainers[]/image")
        yield creating(f"{pod}/volumes[]/image/reference")


def _variables() -> Iterator[FieldSpec]:
    fields = ("args", "command", "env/value", "volumeMounts/mountPath")
    inside = [path for field in fields for path in _in_containers(field)]
    kinds = ("CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet")
    yield from _in_pods(kinds, *inside)
    yield from _in_pods(
        ("DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet"), "volumes/nfs/server"
    )
    yield field_spec("spec/jobTemplate/spec/template/volumes/nfs/server", "CronJob")
    yield field_spec("spec/volumeClaimTemplates/spec/nfs/server", "StatefulSet")
    yield field_spec("spec/nfs/server", "PersistentVolume")
    yield field_spec("spec/template/metadata/annotations", "Deployment")
    for path in ("spec/rules/host", "spec/tls/hosts", "spec/tls/secretName"):
        yield field_spec(path, "Ingress")
    for path in ("spec/ports/port", "spec/ports/targetPort"):
        yield field_spec(path, "Service")
    yield field_spec("metadata/labels")
    yield field_spec("metadata/annotations")


def _to_config_maps() -> Iterator[FieldSpec]:
    yield from _in_pods(
        _MOUNTING,
        "volumes/configMap/name",
        *_in_containers("env/valueFrom/configMapKeyRef/name"),
        *_in_containers("envFrom/configMapRef/name"),
        "volumes/projected/sources/configMap/name",
        version="v1",
    )
    yield field_spec("spec/configSource/configMap", "Node")
    yield from _to_named_rules("Role", "ClusterRole")
    yield field_spec(
        "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap", "Ingress"
    )


def _to_secrets() -> Iterator[FieldSpec]:
    yield from _in_pods(
        _MOUNTING,
        "volumes/secret/secretName",
        *_in_containers("env/valueFrom/secretKeyRef/name"),
        *_in_containers("envFrom/secretRef/name"),
        "imagePullSecrets/name",
        "volumes/projected/sources/secret/name",
        version="v1",
    )
    yield field_spec("spec/tls/secretName", "Ingress")
    for annotation in (
        "ingress.kubernetes.io\\/auth-secret",
        "nginx.ingress.kubernetes.io\\/auth-secret",
        "nginx.ingress.kubernetes.io\\/auth-tls-secret",
    ):
        yield field_spec(f"metadata/annotations/{annotation}", "Ingress")
    yield field_spec("imagePullSecrets/name", "ServiceAccount")
    for parameter in ("secretName", "adminSecretName", "userSecretName", "secretRef"):
        yield field_spec(f"parameters/{parameter}", "StorageClass")
    yield from _to_named_rules("Role", "ClusterRole")
    yield field_spec(
        "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
        "Service",
        "serving.knative.dev",
        "v1",
    )
    yield field_spec("spec/azureFile/secretName", "PersistentVolume")


def _to_services() -> Iterator[FieldSpec]:
    yield field_spec("spec/serviceName", "StatefulSet", "apps")
    for path in (
        "spec/rules/http/paths/backend/serviceName",
        "spec/backend/serviceName",
        "spec/rules/http/paths/backend/service/name",
        "spec/defaultBackend/service/name",
    ):
        yield field_spec(path, "Ingress")
    yield field_spec("spec/service/name", "APIService", "apiregistration.k8s.io")
    for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        yield field_spec("webhooks/clientConfig/service", kind, _ADMISSION)


def _to_named_rules(*kinds: str) -> Iterator[FieldSpec]:
    for kind in kinds:
        yield field_spec("rules/resourceNames", kind)


def _to_storage_classes() -> Iterator[FieldSpec]:
    yield field_spec("spec/storageClassName", "PersistentVolume")
    yield field_spec("spec/storageClassName", "PersistentVolumeClaim")
    yield field_spec("spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet")


def _references() -> Iterator[References]:
    yield _reference(_to_config_maps(), "ConfigMap", version="v1")
    yield _reference(_to_secrets(), "Secret", version="v1")
    yield _reference(_to_services(), "Service", version="v1")
    for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"):
        scaled = field_spec("spec/scaleTargetRef/name", "HorizontalPodAutoscaler")
        yield _reference([scaled], kind)
    role = field_spec("roleRef/name", "RoleBinding", _RBAC)
    everywhere = field_spec("roleRef/name", "ClusterRoleBinding", _RBAC)
    yield _reference([role], "Role", _RBAC)
    yield _reference([role, everywhere], "ClusterRole", _RBAC)
    accounts = (
        field_spec("subjects", "RoleBinding", _RBAC),
        field_spec("subjects", "ClusterRoleBinding", _RBAC),
        *_in_pods(_RUNNING, "serviceAccountName"),
    )
    yield _reference(accounts, "ServiceAccount", version="v1")
    claims = _in_pods(_RUNNING, "volumes/persistentVolumeClaim/claimName")
    yield _reference(claims, "PersistentVolumeClaim", version="v1")
    volumes = (field_spec("spec/volumeName", "PersistentVolumeClaim"),)
    yield _reference((*volumes, *_to_named_rules("ClusterRole")), "PersistentVolume", version="v1")
    yield _reference(_to_storage_classes(), "StorageClass", "storage.k8s.io", "v1")
    priorities = _in_pods(_RUNNING, "priorityClassName")
    yield _reference(priorities, "PriorityClass", "scheduling.k8s.io", "v1")
    # The group is a mistake of kustomize's, and nothing has it.
    classes = [field_spec("spec/ingressClassName", "Ingress")]
    yield _reference(classes, "IngressClass", "networking.k8s.io/v1", "v1")
    policy = field_spec("spec/policyName", "ValidatingAdmissionPolicyBinding", _ADMISSION)
    yield _reference([policy], "ValidatingAdmissionPolicy", _ADMISSION)


def _reference(
    referrers: Sequence[FieldSpec] | Iterator[FieldSpec],
    kind: str,
    group: str = "",
    version: str = "",
) -> References:
    return References((group, version, kind), specs(referrers))


def _replicas() -> Iterator[FieldSpec]:
    for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"):
        yield creating("spec/replicas", kind)


DEFAULT = Config(
    name_prefix=specs([field_spec("metadata/name")]),
    name_suffix=specs([field_spec("metadata/name")]),
    namespace=specs(_namespaces()),
    common_labels=specs((*_label_selectors(), *_label_metadata())),
    labels=specs(()),
    template_labels=specs(_label_metadata()),
    common_annotations=specs(_annotations()),
    name_reference=tuple(sorted(_references(), key=lambda each: each.order)),
    var_reference=specs(_variables()),
    images=specs(_images()),
    replicas=specs(_replicas()),
    settled=True,
)
"""What kustomize does without a `configurations` field."""
