"""Rules about what machines know of Kubernetes."""

from gitops.check import rule

RULES = (
    rule.outside(
        "talos/api-access",
        "Pods ask for roles on the Talos API that they do not get",
        rationale="""
            A pod that asks for a role which nobody may have, or from a namespace that may have
            none, gets no credentials, and snapshots of etcd stop without a word from Talos.
            """,
        example="""
            features:
              kubernetesTalosAPIAccess:
                enabled: true
                allowedRoles:
                  - etcd:backup # the role is os:etcd:backup
            """,
        fix="correct the role, or allow the namespace; only control planes can give them.",
    ),
    rule.error(
        "talos/bundle",
        "A bundle of secrets is not such as Talos makes",
        rationale="""
            From the bundle come the authorities of a cluster. One key that does not fit its
            certificate, and nothing in the cluster trusts anything.
            """,
        example="""
            secrets:
              bootstraptoken: changeme
            """,
        fix="make a bundle with gitops talos secrets new, or export the one of the cluster again.",
    ),
    rule.error(
        "talos/cert-names",
        "The certificate of the API server lacks a name by which it is reached",
        rationale="""
            Whoever follows the kubeconfig gets a certificate for other names and refuses to go on,
            and so do nodes that join.
            """,
        example="""
            apiServer:
              certSANs:
                - 10.25.11.10 # and not infra.k8s.lab.example
            """,
        fix="add the host and the address of the API from fleet.yaml.",
    ),
    rule.error(
        "talos/cni",
        "Talos would run what comes from Flux",
        rationale="""
            Two networks, two proxies or two resolvers on one node undo each other's rules; Cilium
            and CoreDNS come from Flux.
            """,
        example="""
            cluster:
              network:
                cni:
                  name: flannel
            """,
        fix="choose the network none, and disable kube-proxy and CoreDNS.",
    ),
    rule.error(
        "talos/discovery",
        "Nodes cannot find each other",
        rationale="""
            KubePrism learns from discovery where the other API servers are. Its registry in
            Kubernetes stopped working with 1.32, and the service needs an id and a secret of the
            cluster.
            """,
        example="""
            discovery:
              enabled: true
              registries:
                service:
                  disabled: true
            """,
        fix="use the service, with the cluster's id and secret, and disable the one in Kubernetes.",
    ),
    rule.error(
        "talos/endpoint",
        "The endpoint of the cluster is not that of fleet.yaml",
        rationale="""
            Kubeconfigs, certificates and joining nodes take the endpoint from here. With another
            one they wait for an answer that never comes.
            """,
        example="""
            cluster:
              controlPlane:
                endpoint: http://infra.k8s.lab.example:6443
            """,
        fix="write the host and port of the API in fleet.yaml, with https.",
    ),
    rule.error(
        "talos/etcd",
        "Peers of etcd would look for it in the wrong place",
        rationale="""
            Without subnets etcd takes any address of the node, the one that moves among nodes
            included, and its peers lose it when the address moves.
            """,
        example="""
            etcd:
              advertisedSubnets: []
            """,
        fix="name the nodes' network in advertisedSubnets, on control planes only.",
    ),
    rule.error(
        "talos/host-dns",
        "Names inside the cluster would not resolve",
        rationale="""
            Talos can send what pods ask CoreDNS for through the host's resolver. Cilium rewrites
            the addresses of packets in eBPF, and the answers never come back.
            """,
        example="""
            features:
              hostDNS:
                enabled: true
                forwardKubeDNSToHost: true
            """,
        fix="make forwardKubeDNSToHost false, explicitly: true is the default of Talos.",
    ),
    rule.error(
        "talos/kube-prism",
        "The way to the API on each node is missing",
        rationale="""
            Cilium asks localhost:7445 for the API before there is any network. Without an answer no
            pod on the node gets an address.
            """,
        example="""
            features:
              kubePrism:
                enabled: false
            """,
        fix="enable KubePrism on port 7445.",
    ),
    rule.error(
        "talos/kubelet",
        "The kubelet is given what it cannot have",
        rationale="""
            Talos sets some fields itself and refuses a configuration that does, too. With a field
            or a value that the kubelet does not know, none starts. More pods than addresses leave
            pods waiting that the scheduler counts as placed.
            """,
        example="""
            kubelet:
              extraConfig:
                staticPodPath: /etc/manifests
            """,
        fix="remove the field, or correct the number.",
    ),
    rule.error(
        "talos/kubernetes-version",
        "A component runs another Kubernetes than fleet.yaml says",
        rationale="""
            Without an image Talos takes its own default, which is newer than Cilium is tested with.
            A component that is left behind makes the next upgrade skip a version.
            """,
        example="""
            cluster:
              apiServer: {} # and no image
            """,
        fix="write the version of fleet.yaml into every image.",
    ),
    rule.error(
        "talos/label",
        "A label, annotation or taint of a node is none",
        rationale="""
            Kubernetes would refuse the node, so Talos refuses the configuration.
            """,
        example="""
            nodeLabels:
              rack: one and a half
            """,
        fix="use letters, digits, dots, hyphens and underscores, at most 63.",
    ),
    rule.error(
        "talos/manifest",
        "Two manifests have one name, or one has none",
        rationale="""
            Talos tells manifests by their names and refuses the configuration.
            """,
        example="""
            inlineManifests:
              - name: a
              - name: a
            """,
        fix="give each a name of its own.",
    ),
    rule.error(
        "talos/kubelet-certificate",
        "Kubelets do not have the certificates that metrics-server asks for",
        rationale="""
            A kubelet signs its own certificate unless it is told to ask the cluster for one. Who
            looks at certificates takes no answer of it: there are no metrics of pods and nodes, and
            no autoscaler works.
            """,
        example="""
            # machine.kubelet.extraArgs lacks rotate-server-certificates
            image: registry.k8s.io/metrics-server/metrics-server:v0.8.0
            args: [--secure-port=10250]
            """,
        fix="tell it --kubelet-insecure-tls, or let kubelets ask for certificates.",
    ),
    rule.error(
        "talos/metrics",
        "A component of the control plane listens on its own machine alone, and others ask it",
        rationale="""
            Talos has the scheduler and the controller manager listen at 127.0.0.1, and etcd tell
            its metrics to its members only. Whoever asks from elsewhere finds a closed port, and
            alerts that wait for these metrics never fire.
            """,
        example="""
            cluster:
              scheduler: {} # and a VMNodeScrape asks port 10259 of each node
            """,
        fix="give it bind-address, or etcd listen-metrics-urls, by extraArgs.",
    ),
    rule.error(
        "talos/oidc",
        "The API server does not know people as the clusters' rights do",
        rationale="""
            Rights are given to names after `oidc:`. Without the prefix somebody could call himself
            system:masters; with another, nobody may do anything.
            """,
        example="""
            apiServer:
              extraArgs:
                oidc-username-prefix: "-"
            """,
        fix="name issuer and client, and the prefix oidc: for people and groups.",
    ),
    rule.error(
        "talos/pod-security",
        "Where a namespace says nothing, anything runs",
        rationale="""
            Without defaults Kubernetes admits privileged pods to every namespace that has no label,
            and such a pod owns its node.
            """,
        example="""
            admissionControl: []
            """,
        fix="configure PodSecurity with the default restricted.",
    ),
    rule.error(
        "talos/secret",
        "A secret of a node is missing, none, or where it must not be",
        rationale="""
            Without its keys a control plane does not start; with them, a worker could make itself
            anybody.
            """,
        example="""
            machine:
              token: changeme
            """,
        fix="refer to the item of the cluster in 1Password.",
    ),
    rule.error(
        "talos/subnet",
        "A network of the cluster is none, or another than in fleet.yaml",
        rationale="""
            Pods get addresses that Cilium does not route and the router does not expect.
            """,
        example="""
            network:
              podSubnets:
                - 10.244.0.0 # and no prefix
            """,
        fix="write the networks of the facts.",
    ),
)
