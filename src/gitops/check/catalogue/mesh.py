"""Rules about Services that clusters share."""

from gitops.check import rule

RULES = (
    rule.whole(
        "mesh/port-differs",
        "A global Service has other ports than its twin in another cluster",
        rationale="""
            Endpoints of the other cluster are found by the number of the Service's port: one that
            the other side does not have leads nowhere.
            """,
        example="""
            # apps has port 5433, infra has port 5432
            kind: Service
            metadata:
              annotations:
                service.cilium.io/global: "true"
            """,
        fix="give both Services the same ports.",
    ),
    rule.whole(
        "mesh/service-without-backend",
        "A global Service has no endpoints in any cluster",
        rationale="""
            It has no selector of its own, and its twin in the other cluster is not global, or keeps
            its endpoints to itself by `shared: "false"`: connections are refused.
            """,
        example="""
            # apps has it, and the one of infra has no such annotation
            kind: Service
            metadata:
              name: postgres
              namespace: databases
              annotations:
                service.cilium.io/global: "true"
            """,
        fix="annotate the Service of the other cluster too.",
    ),
)
