"""Rules about `bootstrap/`: what is installed before Flux, and whether Flux takes it over."""

from gitops.check import rule

RULES = (
    rule.error(
        "bootstrap/both-phases",
        "A release stands in two phases of the bootstrap",
        rationale="""
            The first phase applies definitions with kubectl. Helm does not install over objects
            that it has no record of: the second phase would stop with "invalid ownership metadata".
            """,
        example="""
            # bootstrap/helmfile.d/00-crds.yaml and 01-core.yaml
            releases:
              - name: prometheus-operator-crds
                namespace: kube-system
            """,
        fix="leave the release in one of the phases.",
    ),
    rule.error(
        "bootstrap/branch",
        "Flux follows another branch or repository than fleet.yaml says",
        rationale="""
            The bootstrap hands the cluster over to the branch of fleet.yaml. Flux then applies its
            own FluxInstance, turns to the other branch, and what is merged never arrives.
            """,
        example="""
            # fleet.yaml: git: branch: main
            kind: FluxInstance
            spec:
              sync:
                ref: refs/heads/master
            """,
        fix="name the same branch and repository in both.",
    ),
    rule.error(
        "bootstrap/environment",
        "A cluster has no environment in Helmfile, or one with the context of another",
        rationale="""
            An environment decides which cluster is written to. Without a context of its own,
            Helmfile takes whichever one kubectl used last.
            """,
        example="""
            environments:
              apps:
                kubeContext: infra
            """,
        fix="give each cluster an environment with the context that is called like it.",
    ),
    rule.error(
        "bootstrap/handover",
        "Helmfile installs something else than Flux will",
        rationale="""
            Flux takes a release over that has the name and namespace of its HelmRelease, and
            upgrades it at once to chart, version and values of its own. What differs is rolled
            through the network or the name service of a cluster that has just come up; what has no
            HelmRelease is never upgraded again.
            """,
        example="""
            releases:
              - name: coredns
                namespace: kube-system
                chart: oci://ghcr.io/coredns/charts/coredns
                version: 1.45.0 # the OCIRepository has 1.46.2
            """,
        fix="read chart, version and values from `gitops handover`, as the other releases do.",
    ),
    rule.error(
        "bootstrap/needs",
        "A release needs one that does not stand before it",
        rationale="""
            Helmfile refuses a file in which a need is not there or leads back. A reader goes from
            top to bottom: what is needed stands above.
            """,
        example="""
            releases:
              - name: coredns
                namespace: kube-system
                needs:
                  - cilium # kube-system/cilium
            """,
        fix="write namespace/name, and put what is needed first.",
    ),
    rule.warning(
        "bootstrap/path",
        "Flux follows a folder that nearly is the one of its cluster",
        rationale="""
            The FluxInstance of a cluster is in the folder that Flux follows, or below what that
            holds. Once it names another one, Flux finds nothing there and applies no change any
            more, not even the one that corrects the name.
            """,
        example="""
            # the cluster is in kubernetes/clusters/apps
            kind: FluxInstance
            spec:
              sync:
                path: kubernetes/cluster/apps
            """,
        fix="name the folder of the cluster.",
    ),
    rule.warning(
        "bootstrap/secret",
        "The bootstrap makes a Secret that nothing is known to read",
        rationale="""
            What is made by hand is named in gitops.toml, or whoever reads it has a finding. A
            Secret that is not named there has another name than its reader looks for.
            """,
        example="""
            # bootstrap/secrets.yaml; gitops.toml: outside = ["Secret/kube-system/bgp-router"]
            kind: Secret
            metadata:
              name: bgp-password
              namespace: kube-system
            """,
        fix="give it the name that is read, and name it in outside.",
    ),
)
