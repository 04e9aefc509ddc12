"""Which fields of an object others rely on, by group and kind.

Kept is what names an object, selects it, reaches it, limits it or lets it in: identity, labels,
images, ports, requests, what Pod Security looks at, and the names of whatever it refers to. Values
that may be secret are not: of ConfigMaps and Secrets the keys alone, of environment variables the
references alone.
"""

import re
from enum import Enum
from typing import Any, TypeAlias

from gitops.sources.yamlio import scalars


class Keep(Enum):
    """What is kept of a value: all of it, a name, a mapping that is not empty, keys, presence."""

    ALL = "all"
    NAME = "name"
    MAP = "map"
    KEYS = "keys"
    PRESENCE = "presence"


_A_NAME = re.compile(r"\S+")

Fields: TypeAlias = "Keep | dict[str, Fields] | list[Fields]"
"""A mapping keeps the fields it names, a list applies its one entry to every item."""

_ALL, _NAME, _MAP, _KEYS, _PRESENCE = Keep.ALL, Keep.NAME, Keep.MAP, Keep.KEYS, Keep.PRESENCE


def kept(value: Any, fields: Fields) -> Any:
    """What the fields leave of a value, or None; applying them again changes nothing.

    Values of another type than the fields expect are left out, and so is null. The keys of the
    result stand in the order of the fields, and sorted where the fields do not name them.
    """
    match fields:
        case Keep.ALL:
            return _whole(value)
        case Keep.NAME:
            return value if isinstance(value, str) and _A_NAME.fullmatch(value) else None
        case list() if isinstance(value, list):
            items = (kept(item, fields[0]) for item in value)
            return [item for item in items if item is not None] or None
        case _ if not isinstance(value, dict):
            return None
        case Keep.MAP:
            return {key: value[key] for key in sorted(value) if value[key] is not None} or None
        case Keep.KEYS:
            return dict.fromkeys(sorted(value), "") or None
        case Keep.PRESENCE:
            return {}
        case dict():
            parts = ((key, kept(value[key], each)) for key, each in fields.items() if key in value)
            return {key: part for key, part in parts if part is not None} or None
        case _:
            return None


def _whole(value: Any) -> Any:
    """The value with sorted keys, and with numbers as JSON from Go has them."""
    match value:
        case float():
            return scalars.json_number(value)
        case dict():
            return {key: _whole(value[key]) for key in sorted(value)}
        case list():
            return [_whole(each) for each in value]
        case _:
            return value


def fields_of(group: str, kind: str) -> dict[str, Fields]:
    """The fields of an object; of a kind that is not known here, its identity and labels."""
    return {**_IDENTITY, **_BY_KIND.get((group, kind), {})}


_METADATA: dict[str, Fields] = {
    "name": _NAME,
    "namespace": _NAME,
    "labels": _MAP,
    "annotations": {"helm.sh/hook": _ALL},
}

_IDENTITY: dict[str, Fields] = {"apiVersion": _NAME, "kind": _NAME, "metadata": _METADATA}

_REFERENCE: Fields = {"name": _ALL, "key": _ALL, "optional": _ALL}
_ITEMS: Fields = [{"key": _ALL}]

_CONTAINER: Fields = {
    "name": _ALL,
    "image": _ALL,
    "ports": _ALL,
    "resources": _ALL,
    "securityContext": _ALL,
    "restartPolicy": _ALL,
    "env": [{"valueFrom": {"secretKeyRef": _REFERENCE, "configMapKeyRef": _REFERENCE}}],
    "envFrom": [{"secretRef": _REFERENCE, "configMapRef": _REFERENCE}],
}

_CLAIM: Fields = {
    "accessModes": _ALL,
    "resources": _ALL,
    "storageClassName": _ALL,
    "volumeMode": _ALL,
    "volumeName": _ALL,
}

_OTHER_VOLUMES = (
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "downwardAPI",
    "fc",
    "flexVolume",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "iscsi",
    "portworxVolume",
    "rbd",
    "vsphereVolume",
)
"""Pod Security asks whether these are there, and nothing more of them."""

_VOLUME: Fields = {
    **dict.fromkeys(_OTHER_VOLUMES, _PRESENCE),
    "name": _ALL,
    "configMap": {"name": _ALL, "optional": _ALL, "items": _ITEMS},
    "secret": {"secretName": _ALL, "optional": _ALL, "items": _ITEMS},
    "projected": {
        "sources": [
            {
                "configMap": {"name": _ALL, "optional": _ALL, "items": _ITEMS},
                "secret": {"name": _ALL, "optional": _ALL, "items": _ITEMS},
                "downwardAPI": _PRESENCE,
                "serviceAccountToken": _PRESENCE,
            }
        ]
    },
    "persistentVolumeClaim": _ALL,
    "hostPath": _ALL,
    "emptyDir": _ALL,
    "image": _ALL,
    "nfs": _ALL,
    "csi": {"driver": _ALL, "nodePublishSecretRef": _ALL},
    "ephemeral": {"volumeClaimTemplate": {"spec": _CLAIM}},
}

_POD: Fields = {
    "serviceAccountName": _ALL,
    "automountServiceAccountToken": _ALL,
    "hostNetwork": _ALL,
    "hostPID": _ALL,
    "hostIPC": _ALL,
    "hostUsers": _ALL,
    "dnsPolicy": _ALL,
    "nodeSelector": _ALL,
    "priorityClassName": _ALL,
    "runtimeClassName": _ALL,
    "imagePullSecrets": _ALL,
    "securityContext": _ALL,
    "initContainers": [_CONTAINER],
    "containers": [_CONTAINER],
    "volumes": [_VOLUME],
}

_TEMPLATE: Fields = {"metadata": {"labels": _MAP}, "spec": _POD}
_WORKLOAD: Fields = {"replicas": _ALL, "selector": _ALL, "template": _TEMPLATE}
_JOB: Fields = {"parallelism": _ALL, "completions": _ALL, "template": _TEMPLATE}
_CLAIMS: Fields = [{"metadata": {"name": _ALL, "labels": _MAP}, "spec": _CLAIM}]
_CLIENT: Fields = {"service": _ALL, "url": _ALL}

_WEBHOOKS: dict[str, Fields] = {
    "webhooks": [
        {
            "name": _ALL,
            "clientConfig": _CLIENT,
            "failurePolicy": _ALL,
            "rules": _ALL,
            "namespaceSelector": _ALL,
            "objectSelector": _ALL,
        }
    ]
}

_SERVICE: Fields = {
    "type": _ALL,
    "clusterIP": _ALL,
    "selector": _ALL,
    "ports": _ALL,
    "externalName": _ALL,
    "loadBalancerClass": _ALL,
    "loadBalancerIP": _ALL,
    "loadBalancerSourceRanges": _ALL,
    "externalTrafficPolicy": _ALL,
}

_SERVICE_ANNOTATIONS = (
    "external-dns.alpha.kubernetes.io/hostname",
    "io.cilium/lb-ipam-ips",
    "io.cilium/lb-ipam-sharing-key",
    "lbipam.cilium.io/ips",
    "lbipam.cilium.io/sharing-key",
    "metallb.io/loadBalancerIPs",
    "metallb.universe.tf/loadBalancerIPs",
    "service.cilium.io/global",
)
"""What asks for an address or a name, or shares one."""

_CRD: Fields = {
    "group": _ALL,
    "scope": _ALL,
    "names": {"kind": _ALL, "plural": _ALL},
    "versions": [{"name": _ALL, "served": _ALL, "storage": _ALL, "deprecated": _ALL}],
    "conversion": {"strategy": _ALL, "webhook": {"clientConfig": _CLIENT}},
}

_INGRESS: Fields = {
    "ingressClassName": _ALL,
    "defaultBackend": _ALL,
    "rules": _ALL,
    "tls": _ALL,
}

_BY_KIND: dict[tuple[str, str], dict[str, Fields]] = {
    ("", "ConfigMap"): {"data": _KEYS, "binaryData": _KEYS},
    ("", "PersistentVolumeClaim"): {"spec": _CLAIM},
    ("", "Pod"): {"spec": _POD},
    ("", "Secret"): {"type": _ALL, "data": _KEYS, "stringData": _KEYS},
    ("", "Service"): {
        "metadata": {**_METADATA, "annotations": dict.fromkeys(_SERVICE_ANNOTATIONS, _ALL)},
        "spec": _SERVICE,
    },
    ("", "ServiceAccount"): {"imagePullSecrets": _ALL},
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): _WEBHOOKS,
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _WEBHOOKS,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): {"spec": _CRD},
    ("apiregistration.k8s.io", "APIService"): {
        "spec": {"group": _ALL, "version": _ALL, "service": _ALL}
    },
    ("apps", "DaemonSet"): {"spec": _WORKLOAD},
    ("apps", "Deployment"): {"spec": _WORKLOAD},
    ("apps", "ReplicaSet"): {"spec": _WORKLOAD},
    ("apps", "StatefulSet"): {
        "spec": {
            "replicas": _ALL,
            "selector": _ALL,
            "serviceName": _ALL,
            "template": _TEMPLATE,
            "volumeClaimTemplates": _CLAIMS,
        }
    },
    ("autoscaling", "HorizontalPodAutoscaler"): {
        "spec": {"scaleTargetRef": _ALL, "minReplicas": _ALL, "maxReplicas": _ALL}
    },
    ("batch", "CronJob"): {"spec": {"schedule": _ALL, "jobTemplate": {"spec": _JOB}}},
    ("batch", "Job"): {"spec": _JOB},
    ("networking.k8s.io", "Ingress"): {"spec": _INGRESS},
    ("networking.k8s.io", "NetworkPolicy"): {
        "spec": {"podSelector": _ALL, "policyTypes": _ALL, "ingress": _ALL, "egress": _ALL}
    },
    ("policy", "PodDisruptionBudget"): {
        "spec": {"selector": _ALL, "minAvailable": _ALL, "maxUnavailable": _ALL}
    },
    ("scheduling.k8s.io", "PriorityClass"): {"value": _ALL, "globalDefault": _ALL},
    ("storage.k8s.io", "StorageClass"): {"provisioner": _ALL, "reclaimPolicy": _ALL},
}
