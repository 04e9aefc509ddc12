"""Rules about Pod Security admission."""

from gitops.check import rule

RULES = (
    rule.error(
        "pod-security/label",
        "A label for Pod Security has a value that there is none of",
        rationale="""
            The API server refuses the namespace, and with it all that should live in it; on a
            namespace that exists already, a level that is none counts as restricted.
            """,
        example="""
            kind: Namespace
            metadata:
              name: web
              labels:
                pod-security.kubernetes.io/enforce: restrict
            """,
        fix="name privileged, baseline or restricted; for a version, latest or v1.<minor>.",
    ),
    rule.error(
        "pod-security/refused",
        "A namespace enforces a level that refuses its pods",
        rationale="""
            The API server takes the Deployment and refuses each of its pods, so nothing ever runs
            and the only trace is an event. Every control of the Pod Security Standards is applied
            as the version of the cluster, or the one that the label asks for, defines it.
            """,
        example="""
            # in a namespace with pod-security.kubernetes.io/enforce: restricted
            kind: Pod
            spec:
              containers:
                - name: web
                  image: registry.example/web:1.2.3
            """,
        fix="""
            set what the message names in the pod; where a pod needs the node itself, label the
            namespace for it and keep other pods out.
            """,
    ),
    rule.warning(
        "pod-security/warned",
        "A namespace warns of its own pods",
        rationale="""
            The label says that the level will be enforced one day. Until then every change of the
            workload is answered by a warning, and nobody reads the one that matters.
            """,
        example="""
            # in a namespace with pod-security.kubernetes.io/warn: restricted
            kind: Pod
            spec:
              hostNetwork: true
            """,
        fix="set what the message names in the pod, or warn of a level that the pods can reach.",
    ),
)
