"""`machine.kubelet.extraConfig`: fields that a KubeletConfiguration has, and what they may be.

Source: kubernetes v1.33.5, `pkg/kubelet/apis/config/validation/validation.go`: the kubelet does not
start with what is refused there. Talos v1.13.9, `controllers/k8s/kubelet_spec.go`: nor does Talos
start it with a field that is unknown.
"""

from collections.abc import Iterator
from typing import Any

from gitops.talos.semantics import durations

_NAMES = """
address allowedUnsafeSysctls apiVersion authentication authorization cgroupDriver cgroupRoot
cgroupsPerQOS clusterDNS clusterDomain configMapAndSecretChangeDetectionStrategy
containerLogMaxFiles containerLogMaxSize containerLogMaxWorkers containerLogMonitorInterval
containerRuntimeEndpoint contentType cpuCFSQuota cpuCFSQuotaPeriod cpuManagerPolicy
cpuManagerPolicyOptions cpuManagerReconcilePeriod crashLoopBackOff enableContentionProfiling
enableControllerAttachDetach enableDebugFlagsHandler enableDebuggingHandlers
enableProfilingHandler enableServer enableSystemLogHandler enableSystemLogQuery
enforceNodeAllocatable eventBurst eventRecordQPS evictionHard evictionMaxPodGracePeriod
evictionMinimumReclaim evictionPressureTransitionPeriod evictionSoft evictionSoftGracePeriod
failCgroupV1 failSwapOn featureGates fileCheckFrequency hairpinMode healthzBindAddress healthzPort
httpCheckFrequency imageGCHighThresholdPercent imageGCLowThresholdPercent imageMaximumGCAge
imageMinimumGCAge imagePullCredentialsVerificationPolicy imageServiceEndpoint iptablesDropBit
iptablesMasqueradeBit kernelMemcgNotification kind kubeAPIBurst kubeAPIQPS kubeReserved
kubeReservedCgroup kubeletCgroups localStorageCapacityIsolation logging makeIPTablesUtilChains
maxOpenFiles maxParallelImagePulls maxPods memoryManagerPolicy memoryReservationPolicy memorySwap
memoryThrottlingFactor mergeDefaultEvictionSettings nodeLeaseDurationSeconds nodeStatusMaxImages
nodeStatusReportFrequency nodeStatusUpdateFrequency oomScoreAdj podCIDR podLogsDir podPidsLimit
podsPerCore port preloadedImagesVerificationAllowlist protectKernelDefaults providerID qosReserved
readOnlyPort registerNode registerWithTaints registryBurst registryPullQPS reservedMemory
reservedSystemCPUs resolvConf rotateCertificates runOnce runtimeRequestTimeout seccompDefault
serializeImagePulls serverTLSBootstrap showHiddenMetricsForVersion shutdownGracePeriod
shutdownGracePeriodByPodPriority shutdownGracePeriodCriticalPods singleProcessOOMKill
staticPodPath staticPodURL staticPodURLHeader streamingConnectionIdleTimeout syncFrequency
systemCgroups systemReserved systemReservedCgroup tlsCertFile tlsCipherSuites tlsCurvePreferences
tlsMinVersion tlsPrivateKeyFile topologyManagerPolicy topologyManagerPolicyOptions
topologyManagerScope tracing userNamespaces volumePluginDir volumeStatsAggPeriod
"""
FIELDS = frozenset(_NAMES.split())
"""Source: k8s.io/kubelet 0.31 to 0.36, `config/v1beta1/types.go`."""

_PERCENT = (0, 100)
_MANY = 2**31 - 1
_RANGES: dict[str, tuple[int, int]] = {
    "imageGCHighThresholdPercent": _PERCENT,
    "imageGCLowThresholdPercent": _PERCENT,
    "kubeAPIBurst": (0, _MANY),
    "kubeAPIQPS": (0, _MANY),
    "maxOpenFiles": (0, 2**63 - 1),
    "maxParallelImagePulls": (1, _MANY),
    "maxPods": (0, _MANY),
    "nodeLeaseDurationSeconds": (1, _MANY),
    "nodeStatusMaxImages": (-1, _MANY),
    "oomScoreAdj": (-1000, 1000),
    "podsPerCore": (0, _MANY),
    "registryBurst": (0, _MANY),
    "registryPullQPS": (0, _MANY),
}
_CHOICES = {
    "topologyManagerPolicy": ("none", "best-effort", "restricted", "single-numa-node"),
    "topologyManagerScope": ("container", "pod"),
}


def mistakes(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields of it that are wrong, and in what."""
    for field in given:
        if field not in FIELDS:
            yield (
                field,
                "is no field of a kubelet, and Talos starts none with it",
            )
    for field, (least, most) in _RANGES.items():
        value = given.get(field)
        if isinstance(value, int) and not least <= value <= most:
            yield field, f"is {value}, and the kubelet takes {least} to {most}"
    for field, choices in _CHOICES.items():
        if given.get(field) not in (None, "", *choices):
            yield field, f"is {given[field]!r}; there are {', '.join(choices)}"
    yield from _orders(given)


def _orders(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Where one is not set, it is what Talos and the kubelet take."""
    low, high = "imageGCLowThresholdPercent", "imageGCHighThresholdPercent"
    lower, higher = given.get(low, 80), given.get(high, 85)
    if isinstance(lower, int) and isinstance(higher, int) and lower >= higher:
        yield low if low in given else high, f"lets {low} be {lower}, not below {high}, {higher}"
    critical, whole = "shutdownGracePeriodCriticalPods", "shutdownGracePeriod"
    part, most = given.get(critical, "10s"), given.get(whole, "30s")
    shorter, longer = durations.seconds(str(part)), durations.seconds(str(most))
    if shorter is not None and longer is not None and shorter > longer:
        words = f"lets {critical} be {part}, a part of {whole}, which is {most}"
        yield critical if critical in given else whole, words
