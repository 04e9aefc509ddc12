"""What single fields of the kinds of Kubernetes may hold, beyond their type.

Source: `validation.go` of each group below `pkg/apis` of Kubernetes 1.33. What later versions know
is allowed, too, so that nothing is refused that some version takes.
"""

import re
from collections.abc import Iterator

from gitops.check.schemas import formats
from gitops.check.schemas.strategy.demands import Demands, Schema

_BLOCK = re.compile(r"\n(?! )")
_SCOPES = [
    *("Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass"),
    *("CrossNamespacePodAffinity", "VolumeAttributesClass"),
]

_ROWS = """
core.v1.Container
    image +
    image !
    imagePullPolicy Always IfNotPresent Never
    name =label !
    restartPolicy Always OnFailure Never
    terminationMessagePolicy File FallbackToLogsOnError
core.v1.ContainerPort
    containerPort 1..65535
    hostPort 0..65535
    name =port
    protocol TCP UDP SCTP
core.v1.ContainerResizePolicy
    restartPolicy! NotRequired RestartContainer
core.v1.EnvVar
    name =variable !
core.v1.EnvFromSource
    prefix =variable
core.v1.ConfigMapKeySelector
    name +
    key =key-of-data !
    name =subdomain !
core.v1.SecretKeySelector
    name +
    key =key-of-data !
    name =subdomain !
core.v1.ConfigMapEnvSource
    name +
    name =reference !
core.v1.SecretEnvSource
    name +
    name =reference !
core.v1.Volume
    name =label !
core.v1.VolumeMount
    mountPath !
    mountPropagation! None HostToContainer Bidirectional
    name !
    recursiveReadOnly! Disabled IfPossible Enabled
core.v1.VolumeDevice
    devicePath !
    name !
core.v1.ConfigMapVolumeSource
    name +
    defaultMode 0..511
    name !
core.v1.SecretVolumeSource
    secretName +
    defaultMode 0..511
    secretName !
core.v1.ProjectedVolumeSource
    defaultMode 0..511
core.v1.DownwardAPIVolumeSource
    defaultMode 0..511
core.v1.ConfigMapProjection
    name +
    name !
core.v1.SecretProjection
    name +
    name !
core.v1.ServiceAccountTokenProjection
    expirationSeconds 600..4294967296
    path !
core.v1.KeyToPath
    key !
    mode 0..511
    path !
core.v1.DownwardAPIVolumeFile
    path !
    mode 0..511
core.v1.HostPathVolumeSource
    path !
    type DirectoryOrCreate Directory FileOrCreate File Socket CharDevice BlockDevice
core.v1.NFSVolumeSource
    path !
    server !
core.v1.PersistentVolumeClaimVolumeSource
    claimName !
core.v1.CSIVolumeSource
    driver =driver !
core.v1.CSIPersistentVolumeSource
    driver =driver !
    volumeHandle !
core.v1.Probe
    failureThreshold 0..
    initialDelaySeconds 0..
    periodSeconds 0..
    successThreshold 0..
    terminationGracePeriodSeconds 1..
    timeoutSeconds 0..
core.v1.HTTPGetAction
    scheme HTTP HTTPS
core.v1.HTTPHeader
    value ?
    name =header !
core.v1.GRPCAction
    port 1..65535
core.v1.SleepAction
    seconds 0..
core.v1.PodSpec
    activeDeadlineSeconds 1..2147483647
    dnsPolicy ClusterFirst ClusterFirstWithHostNet Default None
    hostname =label
    nodeName =subdomain
    preemptionPolicy! Never PreemptLowerPriority
    priorityClassName =subdomain
    restartPolicy Always OnFailure Never
    runtimeClassName =subdomain
    serviceAccountName =subdomain
    subdomain =label
core.v1.PodSecurityContext
    fsGroup 0..2147483647
    fsGroupChangePolicy! OnRootMismatch Always
    runAsGroup 0..2147483647
    runAsUser 0..2147483647
    supplementalGroups[] 0..2147483647
core.v1.SecurityContext
    procMount! Default Unmasked
    runAsGroup 0..2147483647
    runAsUser 0..2147483647
core.v1.SeccompProfile
    type! Localhost RuntimeDefault Unconfined
core.v1.AppArmorProfile
    type! Localhost RuntimeDefault Unconfined
core.v1.Toleration
    effect NoSchedule PreferNoSchedule NoExecute
    key =qualified
    operator Equal Exists Lt Gt
core.v1.NodeSelectorRequirement
    key =qualified !
    operator! In NotIn Exists DoesNotExist Gt Lt
core.v1.PreferredSchedulingTerm
    preference ?
    weight 1..100
core.v1.WeightedPodAffinityTerm
    weight 1..100
core.v1.PodAffinityTerm
    namespaces[] =label
    topologyKey =qualified !
core.v1.TopologySpreadConstraint
    maxSkew 1..
    minDomains 1..
    nodeAffinityPolicy! Ignore Honor
    nodeTaintsPolicy! Ignore Honor
    topologyKey !
    whenUnsatisfiable! DoNotSchedule ScheduleAnyway
core.v1.HostAlias
    ip =address !
    hostnames[] =subdomain !
core.v1.PersistentVolumeClaimSpec
    accessModes[]! ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod
    storageClassName =subdomain
    volumeMode! Block Filesystem
core.v1.PersistentVolumeSpec
    accessModes[]! ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod
    persistentVolumeReclaimPolicy Retain Delete Recycle
    storageClassName =subdomain
    volumeMode! Block Filesystem
core.v1.ServiceSpec
    clusterIPs[] =cluster-address !
    externalIPs[] =address !
    externalTrafficPolicy Cluster Local
    healthCheckNodePort 0..65535
    internalTrafficPolicy! Cluster Local
    ipFamilies[]! IPv4 IPv6
    ipFamilyPolicy! SingleStack PreferDualStack RequireDualStack
    loadBalancerClass =qualified !
    loadBalancerSourceRanges[] =network !
    sessionAffinity ClientIP None
    trafficDistribution! PreferClose PreferSameZone PreferSameNode
    type ClusterIP NodePort LoadBalancer ExternalName
core.v1.ServicePort
    appProtocol =qualified !
    name =label
    nodePort 0..65535
    port 1..65535
    protocol TCP UDP SCTP
core.v1.ClientIPConfig
    timeoutSeconds 1..86400
core.v1.ResourceQuotaSpec
    scopes[]! @scopes
core.v1.ScopedResourceSelectorRequirement
    operator! In NotIn Exists DoesNotExist
    scopeName! @scopes
meta.v1.LabelSelectorRequirement
    key =qualified !
    operator! In NotIn Exists DoesNotExist
apps.v1.DaemonSetSpec
    minReadySeconds 0..
    revisionHistoryLimit 0..
apps.v1.DaemonSetUpdateStrategy
    type RollingUpdate OnDelete
apps.v1.DeploymentSpec
    minReadySeconds 0..
    progressDeadlineSeconds 0..
    replicas 0..
    revisionHistoryLimit 0..
apps.v1.DeploymentStrategy
    type Recreate RollingUpdate
apps.v1.ReplicaSetSpec
    minReadySeconds 0..
    replicas 0..
apps.v1.StatefulSetSpec
    minReadySeconds 0..
    podManagementPolicy OrderedReady Parallel
    replicas 0..
    serviceName =label
apps.v1.StatefulSetOrdinals
    start 0..
apps.v1.StatefulSetUpdateStrategy
    type RollingUpdate OnDelete
apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy
    whenDeleted Retain Delete
    whenScaled Retain Delete
autoscaling.v1.HorizontalPodAutoscalerSpec
    maxReplicas 1..
    minReplicas 0..
    targetCPUUtilizationPercentage 1..
autoscaling.v2.CrossVersionObjectReference
    kind =segment !
    name =segment !
autoscaling.v2.HorizontalPodAutoscalerSpec
    maxReplicas 1..
    minReplicas 0..
autoscaling.v2.HPAScalingPolicy
    periodSeconds 1..1800
    type! Pods Percent
    value 1..
autoscaling.v2.HPAScalingRules
    selectPolicy! Max Min Disabled
    stabilizationWindowSeconds 0..3600
autoscaling.v2.MetricSpec
    type! ContainerResource External Object Pods Resource
autoscaling.v2.MetricTarget
    averageUtilization 1..
    type! Utilization Value AverageValue
autoscaling.v2.MetricIdentifier
    name =segment !
autoscaling.v2.ResourceMetricSource
    name !
autoscaling.v2.ContainerResourceMetricSource
    container =label !
    name !
batch.v1.CronJobSpec
    concurrencyPolicy Allow Forbid Replace
    failedJobsHistoryLimit 0..
    schedule !
    startingDeadlineSeconds 0..
    successfulJobsHistoryLimit 0..
batch.v1.JobSpec
    activeDeadlineSeconds 0..
    backoffLimit 0..
    backoffLimitPerIndex 0..
    completionMode! NonIndexed Indexed
    completions 0..
    maxFailedIndexes 0..
    parallelism 0..
    podReplacementPolicy! TerminatingOrFailed Failed
    ttlSecondsAfterFinished 0..
batch.v1.PodFailurePolicyRule
    onPodConditions ?
    action! FailJob FailIndex Ignore Count
batch.v1.PodFailurePolicyOnExitCodesRequirement
    values +
    operator! In NotIn
networking.v1.HTTPIngressPath
    pathType! Exact Prefix ImplementationSpecific
networking.v1.IngressSpec
    ingressClassName =subdomain !
networking.v1.IngressTLS
    secretName =subdomain
networking.v1.IngressServiceBackend
    name =label !
networking.v1.ServiceBackendPort
    name =port
    number 0..65535
networking.v1.IngressClassSpec
    controller +
    controller =domain-path !
networking.v1.NetworkPolicyPort
    endPort 1..65535
    protocol! TCP UDP SCTP
networking.v1.NetworkPolicySpec
    podSelector ?
    policyTypes[]! Ingress Egress
policy.v1.PodDisruptionBudgetSpec
    unhealthyPodEvictionPolicy! IfHealthyBudget AlwaysAllow
rbac.v1.RoleRef
    apiGroup ?
    apiGroup rbac.authorization.k8s.io
    kind! ClusterRole Role
    name =segment !
rbac.v1.Subject
    kind! Group ServiceAccount User
    name !
scheduling.v1.PriorityClass
    value ?
    preemptionPolicy! Never PreemptLowerPriority
storage.v1.StorageClass
    provisioner =provisioner !
    reclaimPolicy Delete Retain
    volumeBindingMode! Immediate WaitForFirstConsumer
storage.v1.CSIDriverSpec
    fsGroupPolicy! File None ReadWriteOnceWithFSType
    volumeLifecycleModes[]! Ephemeral Persistent
discovery.v1.EndpointSlice
    endpoints ?
    addressType! FQDN IPv4 IPv6
node.v1.RuntimeClass
    handler =label !
core.v1.Service
    spec +
core.v1.PersistentVolume
    spec +
core.v1.PersistentVolumeClaim
    spec +
core.v1.Pod
    spec +
core.v1.PodTemplateSpec
    spec +
apps.v1.Deployment
    spec +
apps.v1.StatefulSet
    spec +
apps.v1.DaemonSet
    spec +
apps.v1.ReplicaSet
    spec +
batch.v1.Job
    spec +
batch.v1.CronJob
    spec +
autoscaling.v1.HorizontalPodAutoscaler
    spec +
autoscaling.v2.HorizontalPodAutoscaler
    spec +
networking.v1.Ingress
    spec +
networking.v1.IngressClass
    spec +
networking.v1.IngressClassParametersReference
    apiGroup =subdomain !
    kind =segment !
    name =segment !
    scope! Cluster Namespaced
core.v1.LimitRangeSpec
    limits ?
storage.v1.CSIDriver
    spec ?
batch.v1.PodFailurePolicy
    rules ?
batch.v1.PodFailurePolicyOnPodConditionsPattern
    type =qualified !
    status True False Unknown
    status ?
core.v1.VolumeNodeAffinity
    required +
core.v1.EndpointPort
    appProtocol =qualified !
    name =label
    port 1..65535
    protocol TCP UDP SCTP
core.v1.EndpointAddress
    hostname =label
    ip =address !
    nodeName =subdomain !
discovery.v1.EndpointPort
    appProtocol =qualified !
    name =label
    protocol! TCP UDP SCTP
discovery.v1.Endpoint
    hostname =label !
    nodeName =subdomain !
core.v1.TopologySelectorLabelRequirement
    key =qualified !
core.v1.PodDNSConfig
    nameservers[] =address !
autoscaling.v1.CrossVersionObjectReference
    kind =segment !
    name =segment !
batch.v1.JobTemplateSpec
    spec +
coordination.v1.LeaseSpec
    leaseDurationSeconds 1..
    leaseTransitions 0..
networking.v1.IPBlock
    cidr =network !
    except[] =network !
core.v1.EphemeralVolumeSource
    volumeClaimTemplate +
core.v1.PodDNSConfigOption
    name !
    name +
core.v1.ResourceFieldSelector
    resource !
core.v1.LocalVolumeSource
    path !
admissionregistration.v1.MutatingWebhook
    failurePolicy! Fail Ignore
    matchPolicy! Equivalent Exact
    reinvocationPolicy! IfNeeded Never
    sideEffects! None NoneOnDryRun
    timeoutSeconds 1..30
admissionregistration.v1.ValidatingWebhook
    failurePolicy! Fail Ignore
    matchPolicy! Equivalent Exact
    sideEffects! None NoneOnDryRun
    timeoutSeconds 1..30
admissionregistration.v1.RuleWithOperations
    apiVersions[] !
    resources[] !
    operations[]! * CONNECT CREATE DELETE UPDATE
    scope! * Cluster Namespaced
admissionregistration.v1.NamedRuleWithOperations
    operations[]! * CONNECT CREATE DELETE UPDATE
    scope! * Cluster Namespaced
admissionregistration.v1.ServiceReference
    name !
    namespace !
    port 1..65535
admissionregistration.v1.ValidatingAdmissionPolicySpec
    failurePolicy! Fail Ignore
admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec
    validationActions[]! Audit Deny Warn
"""
"""A definition, then its fields: the values allowed, a range, or after `=` a form. `!` says that
it may not be empty; an empty text counts as none elsewhere. `+` says that it must be there, `?`
that it may be missing, whatever the schema says. `[]` speaks of the elements."""

_FORMS = {
    "address": formats.ADDRESS,
    "cluster-address": formats.CLUSTER_ADDRESS,
    "domain-path": formats.DOMAIN_PATH,
    "driver": formats.DRIVER,
    "header": formats.HEADER,
    "key-of-data": formats.KEY_OF_DATA,
    "label": formats.LABEL,
    "network": formats.NETWORK,
    "port": formats.PORT,
    "provisioner": formats.QUALIFIED_ANY_CASE,
    "qualified": formats.QUALIFIED,
    "reference": formats.REFERENCE,
    "segment": formats.SEGMENT,
    "subdomain": formats.SUBDOMAIN,
    "variable": formats.VARIABLE,
}


def _table() -> Iterator[tuple[str, Demands]]:
    for block in _BLOCK.split(_ROWS.strip()):
        name, *lines = block.splitlines()
        rows = [line.split() for line in lines]
        yield (
            name,
            Demands(
                {row[0].rstrip("!"): _narrowed(row) for row in rows if row[1] not in ("+", "?")},
                needed=frozenset(row[0] for row in rows if row[1] == "+"),
                spared=frozenset(row[0] for row in rows if row[1] == "?"),
            ),
        )


def _narrowed(row: list[str]) -> Schema:
    """The words of a schema that say the same."""
    name, first, *_ = row
    is_filled = name.endswith("!") or "!" in row
    if ".." in first:
        least, _, most = first.partition("..")
        return {"minimum": int(least)} | ({"maximum": int(most)} if most else {})
    least_length: Schema = {"minLength": 1} if is_filled else {}
    if first == "!":
        return least_length
    if first.startswith("="):
        return {"format": _FORMS[first.removeprefix("=")], **least_length}
    values = _SCOPES if first == "@scopes" else row[1:]
    return {"core-enum": values if is_filled else [*values, ""]}


FIELDS: dict[str, Demands] = dict(_table())
"""By definition, without the rules."""
