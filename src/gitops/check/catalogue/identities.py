"""Rules about ServiceAccounts and what is allowed to them."""

from gitops.check import rule

RULES = (
    rule.warning(
        "rbac/lease-not-renewed",
        "A role lets somebody take a lease, and not renew it",
        rationale="""
            Whoever leads takes a Lease, and writes it again every few seconds. Without update or
            patch it loses the lead as soon as it has it, and starts over.
            """,
        example="""
            rules:
              - apiGroups: [coordination.k8s.io]
                resources: [leases]
                verbs: [get, create]
            """,
        fix="allow update, or patch where the program writes by it.",
    ),
    rule.warning(
        "rbac/no-such-resource",
        "A role opens a resource that the API does not have",
        rationale="""
            RBAC takes any name. One that is not exactly that of the API, in the plural and with its
            subresource, opens nothing.
            """,
        example="""
            rules:
              - apiGroups: [""]
                resources: [pods/port-forward] # it is pods/portforward
                verbs: [create]
            """,
        fix="write the name that the hint has.",
    ),
    rule.outside(
        "rbac/role-missing",
        "A binding gives a role that does not exist",
        rationale="""
            RBAC refuses whatever the role would allow. What a chart binds wrongly is a warning.
            """,
        example="roleRef: {kind: ClusterRole, name: veiw}",
        fix="correct the kind or the name, or add the role.",
    ),
    rule.warning(
        "rbac/subject-missing",
        "A binding is for a ServiceAccount that does not exist",
        rationale="""
            RBAC ignores it: whoever was meant is refused. A namespace left out is that of the
            binding.
            """,
        example="""
            subjects:
              - {kind: ServiceAccount, name: bckup, namespace: jobs}
            """,
        fix="correct the name or the namespace, or remove the subject.",
    ),
    rule.whole(
        "runner/cache-address",
        "The cache of a runner is given by a URL",
        rationale="""
            `ServerAddress` is a host, with a port where it is needed. With a scheme before it no
            address comes about, and every job works without a cache.
            """,
        example="""
            [runners.cache.s3]
              ServerAddress = "http://objects.storage.svc:8080"
            """,
        fix="leave the scheme out; Insecure says whether it is http.",
    ),
    rule.whole(
        "runner/right-missing",
        "A runner may not do what its jobs need",
        rationale="""
            The Kubernetes executor of GitLab's runner makes pods and Secrets, attaches to the pods
            and reads what they write. Without one of these rights every job fails.
            """,
        example="""
            rules:
              - resources: [pods/exec]
                verbs: [create]
              # and nothing about pods/attach
            """,
        fix="allow it in the namespace that jobs run in.",
    ),
    rule.outside(
        "serviceaccount/missing",
        "Pods run as a ServiceAccount that does not exist",
        rationale="""
            The API server refuses each pod; only the events of the workload tell.
            """,
        example="serviceAccountName: wbe",
        fix="correct the name, or add the ServiceAccount.",
    ),
)
