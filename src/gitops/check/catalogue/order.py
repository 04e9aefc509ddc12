"""Rules about what comes first, what is waited for, and what goes away together."""

from gitops.check import rule

RULES = (
    rule.outside(
        "flux/healthcheck-missing",
        "A health check names an object that nothing makes",
        rationale="""
            The check waits for the object until its timeout, at every reconciliation: the
            Kustomization never becomes ready, and what depends on it never starts. Where a part of
            the cluster cannot be seen, this is a note.
            """,
        example="""
            spec:
              healthChecks:
                - apiVersion: apps/v1
                  kind: Deployment
                  name: wbe
                  namespace: shop
            """,
        fix="correct the name, the kind or the namespace, or remove the entry.",
    ),
    rule.warning(
        "flux/healthcheck-ignored",
        "Health checks beside `wait: true`",
        rationale="""
            With `wait`, Flux looks at every object that it applied and at nothing else. A check
            that names an object of somebody else, such as a Deployment of a release, is not made.
            """,
        example="""
            spec:
              wait: true
              healthChecks:
                - apiVersion: apps/v1
                  kind: Deployment
                  name: web
                  namespace: shop
            """,
        fix="remove healthChecks; or remove `wait` and name all that matters.",
    ),
    rule.warning(
        "flux/depends-on-suspended",
        "A unit depends on one that is suspended",
        rationale="""
            A suspended unit keeps the state that it had. Where it had none, as in a cluster that is
            built anew, it never becomes ready, and nobody sees why its dependents stand still.
            """,
        example="""
            spec:
              suspend: true   # and another unit has this one in dependsOn
            """,
        fix="resume it, or remove it from dependsOn.",
    ),
    rule.warning(
        "flux/early-kind",
        "A custom resource may be sent before its definition",
        rationale="""
            The API server refuses a kind that it does not know, and Flux then applies nothing of
            the whole unit. It tries again, but a release whose first install failed stays failed
            unless its remediation has retries.
            """,
        example="""
            # applies Certificates
            kind: Kustomization
            metadata:
              name: web
            spec:
              dependsOn: []   # cert-manager is missing
            """,
        fix="""
            depend on the unit that brings the definition, and let that one wait for what it
            applies.
            """,
    ),
    rule.warning(
        "flux/early-namespace",
        "Objects may be sent before their namespace",
        rationale="""
            The API server refuses objects of a namespace that does not exist, and Flux then applies
            nothing of the whole unit.
            """,
        example="""
            # shop/namespace.yaml belongs to the Kustomization `shop`, shop/db to `shop-db`
            kind: Kustomization
            metadata:
              name: shop-db
            spec:
              dependsOn: []
            """,
        fix="depend on the unit that makes the namespace, or make it in this one.",
    ),
    rule.whole(
        "flux/reversed-order",
        "A unit needs what comes only after it",
        rationale="""
            The unit that brings a definition or a namespace waits for the one that needs it. The
            API server refuses the objects for ever, and neither unit becomes ready.
            """,
        example="""
            # `operator` brings the definition of what `configuration` applies
            kind: Kustomization
            metadata:
              name: operator
            spec:
              dependsOn:
                - name: configuration
            """,
        fix="turn the dependsOn around.",
    ),
    rule.error(
        "flux/wait-deadlock",
        "A unit waits for one that waits for it",
        rationale="""
            With `wait: true` a Kustomization is ready when all Kustomizations and HelmReleases that
            it applied are. One of them depends on it, directly or not, and so does not start.
            """,
        example="""
            kind: Kustomization
            metadata:
              name: apps
            spec:
              wait: true          # applies the Kustomization `web`,
                                  # which has `apps` in its dependsOn
            """,
        fix="remove `wait: true` of the parent, or the dependsOn of the child.",
    ),
    rule.whole(
        "flux/wait-unbound",
        "A claim is waited for before a pod can use it",
        rationale="""
            A volume of a class with WaitForFirstConsumer is bound when the first pod with the claim
            is scheduled. A unit that waits for the claim, but does not bring that pod, times out;
            and what depends on it never starts.
            """,
        example="""
            kind: Kustomization
            metadata:
              name: data          # applies a PersistentVolumeClaim; its pods are in `web`,
            spec:                 # which depends on `data`
              wait: true
            """,
        fix="apply the claim together with its pods, or wait for named objects only.",
    ),
    rule.warning(
        "flux/prune-definitions",
        "Removing a unit would delete all objects of a kind",
        rationale="""
            When a Kustomization is deleted, or renamed, Flux deletes what it applied. Kubernetes
            deletes every object of a definition together with the definition: every database, every
            certificate.
            """,
        example="""
            kind: Kustomization
            metadata:
              name: database-operator-crds
            spec:
              prune: true
            """,
        fix="set `deletionPolicy: Orphan` on the Kustomization.",
    ),
)
