"""Rules about BGP."""

from gitops.check import rule

RULES = (
    rule.error(
        "bgp/asn",
        "The two sides of a BGP session disagree about an AS number",
        rationale="""
            The side that is told another number than it expects closes the session; it never comes
            up, and no address is announced.
            """,
        example="""
            # fleet.yaml: router: asn: 64512
            kind: CiliumBGPClusterConfig
            spec:
              bgpInstances:
                - peers:
                    - peerASN: 64521
            """,
        fix="take both numbers from fleet.yaml, by way of the cluster's settings.",
    ),
    rule.error(
        "bgp/conflict",
        "Two objects configure BGP for the same nodes",
        rationale="""
            Cilium applies neither of them to a node that both select, and says so only in their
            status.
            """,
        example="""
            kind: CiliumBGPClusterConfig
            metadata:
              name: one # and another with no nodeSelector either
            spec:
              bgpInstances: []
            """,
        fix="put all instances into one object, or give them selectors that share no node.",
    ),
    rule.error(
        "bgp/no-nodes",
        "No node of the estate speaks BGP",
        rationale="""
            The selector has labels that no node has. No session is ever opened, and what has an
            address is reached by nobody.
            """,
        example="""
            # fleet.yaml has the nodes infra-01 to infra-03
            kind: CiliumBGPClusterConfig
            spec:
              nodeSelector:
                matchLabels:
                  kubernetes.io/hostname: infra-04
            """,
        fix="select nodes by labels that they have.",
    ),
    rule.whole(
        "bgp/nothing-advertised",
        "A peer configuration announces nothing",
        rationale="""
            Sessions come up and look healthy, but without a family, or with a selector that no
            CiliumBGPAdvertisement matches, no address is ever announced on them.
            """,
        example="""
            kind: CiliumBGPPeerConfig
            spec:
              families:
                - afi: ipv4
                  safi: unicast
                  advertisements:
                    matchLabels:
                      advertise: bpg
            """,
        fix="select the labels of a CiliumBGPAdvertisement in every family.",
    ),
    rule.error(
        "bgp/peer-address",
        "A neighbour in BGP cannot be one",
        rationale="""
            A session to another AS is allowed one hop: a neighbour behind a router is never
            reached, unless ebgpMultihop says how far it is. What fleet.yaml knows as another
            machine than the router does not answer at all.
            """,
        example="""
            # fleet.yaml: vlans: nodes: subnet: 10.25.11.0/24
            kind: CiliumBGPClusterConfig
            spec:
              bgpInstances:
                - peers:
                    - peerAddress: 10.25.10.1
            """,
        fix="name the router's address in the network of the nodes, or set ebgpMultihop.",
    ),
    rule.outside(
        "bgp/peer-config-missing",
        "A BGP neighbour names a configuration that does not exist",
        rationale="Cilium begins no session; only the status of the object tells why.",
        example="""
            kind: CiliumBGPClusterConfig
            spec:
              bgpInstances:
                - peers:
                    - peerConfigRef:
                        name: roter
            """,
        fix="correct the name, or add the CiliumBGPPeerConfig.",
    ),
    rule.warning(
        "bgp/secret-late",
        "The password of a BGP session is made by something that needs the network",
        rationale="""
            Where the Secret is missing, Cilium dials without a password. The router refuses that,
            so nothing outside is reached by what would make the Secret.
            """,
        example="""
            kind: ExternalSecret
            metadata:
              name: bgp-router # named by authSecretRef of a CiliumBGPPeerConfig
              namespace: kube-system
            """,
        fix="create the Secret before Flux, and name it in `outside` of gitops.toml.",
    ),
    rule.outside(
        "bgp/secret-missing",
        "The password of a BGP session does not exist",
        rationale="""
            Cilium dials without a password instead of not at all: the router drops its packets, and
            what is seen is a timeout.
            """,
        example="""
            kind: CiliumBGPPeerConfig
            spec:
              authSecretRef: bgp-router # in kube-system, where no such Secret is
            """,
        fix="create the Secret before Flux, and name it in `outside` of gitops.toml.",
    ),
    rule.whole(
        "bgp/selects-nothing",
        "An advertisement selects no Service",
        rationale="""
            An advertisement without a selector selects none, not all; and one whose labels no
            Service has announces nothing. Services get addresses that nobody is told of.
            """,
        example="""
            kind: CiliumBGPAdvertisement
            spec:
              advertisements:
                - advertisementType: Service
                  service:
                    addresses:
                      - LoadBalancerIP
            """,
        fix="add a selector; one with `NotIn` a value that is never used selects all Services.",
    ),
    rule.whole(
        "bgp/timers",
        "The timers of a BGP session do not fit each other",
        rationale="""
            A neighbour that is silent for the hold time counts as dead. With fewer than three
            messages in that time, one that is lost ends a healthy session. Both sides use the
            shorter hold time, so the longer one says what is not so.
            """,
        example="""
            kind: CiliumBGPPeerConfig
            spec:
              timers:
                holdTimeSeconds: 9
                keepAliveTimeSeconds: 9
            """,
        fix="set keepAliveTimeSeconds to a third of holdTimeSeconds, and both as the router has.",
    ),
)
