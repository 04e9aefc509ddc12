"""Rules about what still runs when one machine is lost."""

from gitops.check import rule

RULES = (
    rule.whole(
        "availability/host-port",
        "A port that a DaemonSet takes of every node is taken twice",
        rationale="""
            A node runs a pod of one of them; the pods of the other stay pending. With hostNetwork,
            every port of a container is one of the node.
            """,
        example="""
            kind: DaemonSet # and another one with the same port
            spec:
              template:
                spec:
                  containers:
                    - name: exporter
                      ports:
                        - containerPort: 9100
                          hostPort: 9100
            """,
        fix="choose another port, or keep them on different nodes.",
    ),
    rule.warning(
        "availability/no-budget",
        "Something critical has no PodDisruptionBudget",
        rationale="""
            Its priority class says that the cluster needs it. Whoever drains nodes, by hand or for
            an upgrade, is held back by budgets alone, and may end all of its pods at once.
            """,
        example="""
            kind: Deployment # and no budget that selects its pods
            spec:
              replicas: 2
              template:
                spec:
                  priorityClassName: system-cluster-critical
            """,
        fix="add a PodDisruptionBudget with maxUnavailable: 1.",
    ),
    rule.whole(
        "availability/no-room",
        "More pods must be apart than there are nodes",
        rationale="""
            A required anti-affinity is never given up: what is over the number of nodes stays
            pending, and so does every update that begins with one more pod.
            """,
        example="""
            # three nodes in fleet.yaml
            kind: StatefulSet
            spec:
              replicas: 5 # with podAntiAffinity required on kubernetes.io/hostname
            """,
        fix="want fewer pods, or prefer other nodes instead of requiring them.",
    ),
    rule.whole(
        "availability/quorum",
        "What replicates itself stops with one member less",
        rationale="""
            Replicas are there for the loss of one. Where all of them must be in sync, or more are
            wanted than there are members, the loss of a node stops it; an even number of voters
            stands no more losses than one fewer does.
            """,
        example="""
            kind: Kafka
            spec:
              kafka:
                config:
                  default.replication.factor: 3
                  min.insync.replicas: 3
            """,
        fix="keep one more replica than must be in sync, and an odd number of voters.",
    ),
    rule.warning(
        "availability/single",
        "Something critical stops with one node",
        rationale="""
            Its priority class says that the cluster needs it. With one pod, or with all pods on one
            node, it is away until somebody notices that the node is.
            """,
        example="""
            kind: Deployment
            spec:
              replicas: 1
              template:
                spec:
                  priorityClassName: system-cluster-critical
            """,
        fix="run two pods, with podAntiAffinity or topologySpreadConstraints over the nodes.",
    ),
    rule.warning(
        "availability/volume",
        "A rolling update meets a volume that one node may mount",
        rationale="""
            The new pod starts before the old one ends. On another node it waits for the volume, and
            the old pod waits for it: neither ever ends.
            """,
        example="""
            kind: Deployment
            spec:
              template:
                spec:
                  volumes:
                    - name: data
                      persistentVolumeClaim:
                        claimName: data # accessModes: [ReadWriteOnce]
            """,
        fix="set strategy.type to Recreate and one replica, or use a StatefulSet.",
    ),
    rule.warning(
        "availability/together",
        "Two copies that a write waits for may be on one node",
        rationale="""
            A commit that is on two instances outlives one machine only where they are on two.
            CloudNativePG prefers other nodes and does not require them, unless it is told.
            """,
        example="""
            kind: Cluster
            spec:
              postgresql:
                synchronous:
                  method: any
                  number: 1
              affinity:
                podAntiAffinityType: preferred
            """,
        fix="set affinity.podAntiAffinityType: required.",
    ),
)
