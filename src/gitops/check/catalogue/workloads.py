"""Rules about where pods run, how many, and what may move them."""

from gitops.check import rule

RULES = (
    rule.warning(
        "budget/blocks-drain",
        "A PodDisruptionBudget allows no eviction at all",
        rationale="""
            No node with one of these pods can be drained: upgrades and reboots wait for ever.
            """,
        example="minAvailable: 2 # and there are 2 replicas",
        fix="run more replicas, or set maxUnavailable: 1.",
    ),
    rule.warning(
        "budget/selects-nothing",
        "A PodDisruptionBudget selects no pods",
        rationale="""
            It protects nothing, and the pods that it was meant for are evicted together.
            """,
        example="selector: {matchLabels: {app: wbe}}",
        fix="correct the selector, or remove the budget.",
    ),
    rule.whole(
        "pod/affinity-to-nothing",
        "Pods must run beside pods that nothing makes",
        rationale="""
            A required affinity that selects nothing leaves the pods pending for ever.
            """,
        example="""
            podAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                - labelSelector: {matchLabels: {app: cahce}}
                  topologyKey: kubernetes.io/hostname
            """,
        fix="correct the selector, or remove the term.",
    ),
    rule.outside(
        "pod/priority-missing",
        "Pods name a PriorityClass that does not exist",
        rationale="""
            The API server refuses each pod; only the events of the workload tell.
            """,
        example="priorityClassName: system-cluster-crtical",
        fix="correct the name, or add the PriorityClass.",
    ),
    rule.error(
        "pod/probe-port",
        "A probe asks a named port that its container does not declare",
        rationale="""
            The probe fails each time: the container is restarted for ever, or never ready.
            """,
        example="""
            ports: [{name: http, containerPort: 80}]
            livenessProbe: {httpGet: {port: htpp}}
            """,
        fix="use a name that the container declares, or a number.",
    ),
    rule.outside(
        "pod/runtime-missing",
        "Pods name a RuntimeClass that does not exist",
        rationale="""
            The API server refuses each pod; only the events of the workload tell.
            """,
        example="runtimeClassName: nvida",
        fix="correct the name, or add the RuntimeClass.",
    ),
    rule.warning(
        "pod/spread-misses-itself",
        "A spread constraint does not select the pods that it stands in",
        rationale="The scheduler counts other pods: its own may all land on one node.",
        example="""
            labels: {app: web}
            topologySpreadConstraints: [{labelSelector: {matchLabels: {app: wbe}}}]
            """,
        fix="select the labels of its own pods.",
    ),
    rule.whole(
        "scaling/no-request",
        "Utilisation is measured of containers that request nothing",
        rationale="""
            Utilisation is a share of requests. Without one the autoscaler reports an error and
            never scales.
            """,
        example="""
            metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization}}}]
            """,
        fix="request the resource in every container of the pods.",
    ),
    rule.outside(
        "scaling/target-missing",
        "An autoscaler scales what does not exist",
        rationale="It reports an error in its status, and nothing is ever scaled.",
        example="scaleTargetRef: {kind: Deployment, name: wbe}",
        fix="correct the kind or the name of the target.",
    ),
)
