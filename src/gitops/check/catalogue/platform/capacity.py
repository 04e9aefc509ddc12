"""Rules about capacity."""

from gitops.check import rule

RULES = (
    rule.warning(
        "capacity/disks",
        "Volumes are larger than the disks that they lie on",
        rationale="""
            They are filled slowly, and all at once nothing is written any more: Ceph stops when a
            disk is full and warns at 85 percent, and of local volumes none is limited but by the
            disk.
            """,
        example="""
            # three disks of 1 TB in fleet.yaml, and a pool that keeps three copies
            kind: PersistentVolumeClaim
            spec:
              storageClassName: ceph-block
              resources:
                requests:
                  storage: 2Ti
            """,
        fix="ask for smaller volumes, or add disks.",
    ),
    rule.error(
        "capacity/nodes",
        "Not all pods find room when a node is lost",
        rationale="""
            What is asked for is kept free. When a machine is lost its pods are started elsewhere,
            and those for which no node has that much left stay pending until it is back.
            """,
        example="""
            # three machines of 64 GiB in fleet.yaml
            kind: StatefulSet
            spec:
              replicas: 3
              template:
                spec:
                  containers:
                    - name: database
                      resources:
                        requests:
                          memory: 48Gi
            """,
        fix="ask for less, run fewer, or add a node; `gitops capacity` tells who asks for what.",
    ),
    rule.warning(
        "capacity/unrequested",
        "Containers do not say what they need",
        rationale="""
            Nothing is kept free for them, no plan counts them, and they are the first to be ended
            when memory is short.
            """,
        example="""
            containers:
              - name: web
                image: registry.example/web:1.2.3
            """,
        fix="set resources.requests for processor and memory.",
    ),
)
