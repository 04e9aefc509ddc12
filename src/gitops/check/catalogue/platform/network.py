"""Rules about router, switches and names, and the clusters that rely on them."""

from gitops.check import rule

RULES = (
    rule.whole(
        "network/dns-updates",
        "Updates of names are signed otherwise than the DNS server expects",
        rationale="""
            The server refuses every update; names of new routes are never known, those of old ones
            never removed. Only the log of external-dns tells why.
            """,
        example="""
            # cluster infra; the server knows the key external-dns-infra
            values:
              provider:
                name: rfc2136
              extraArgs:
                rfc2136-tsig-keyname: external-dns
            """,
        fix="take host, zone, algorithm and the name of the key from fleet.yaml.",
    ),
    rule.whole(
        "network/dns-owner",
        "Two instances of external-dns keep names of one domain under one name",
        rationale="""
            By its name an instance knows which records are its own. What it did not ask for it
            removes, and the other makes it again: names come and go.
            """,
        example="""
            # in both clusters
            values:
              txtOwnerId: rfc2136
            """,
        fix="give each instance a txtOwnerId of its own, such as the name of its cluster.",
    ),
    rule.error(
        "network/filter-wider",
        "The router takes addresses that no pool of the cluster gives",
        rationale="""
            A filter that is wider than the pools lets a node announce addresses that nobody gave
            it: whoever breaks into one draws their traffic, and no object shows it.
            """,
        example="""
            # fleet.yaml: load-balancers: 10.25.20.0/24
            kind: CiliumLoadBalancerIPPool
            spec:
              blocks:
                - cidr: 10.25.20.0/25
            """,
        fix="let pools and load-balancers of fleet.yaml be the same range.",
    ),
    rule.error(
        "network/frame-size",
        "Packets of a VLAN are larger than a port of the router takes",
        rationale="""
            The router refuses its configuration; with a smaller one, large packets vanish without a
            word while small ones pass, and connections hang after their first lines.
            """,
        example="""
            vlans:
              nodes:
                mtu: 9200
            """,
        fix="choose 9000.",
    ),
    rule.error(
        "network/lag-size",
        "A LAG has more ports, or a switch more LAGs, than there can be",
        rationale="""
            The switch refuses what is too much, and a port that is in no LAG while its other end is
            in one makes a loop or stays silent.
            """,
        example="""
            nas:
              links: # nine of them
                - switch: core
                  port: 1
            """,
        fix="use fewer links, or another switch.",
    ),
    rule.error(
        "network/lag-split",
        "Links that act as one end in two switches",
        rationale="""
            LACP joins links between two devices. These switches know nothing of each other, so only
            the ports of one carry anything, and nobody is told.
            """,
        example="""
            nas:
              links:
                - switch: tor-1
                  port: 5
                - switch: tor-2
                  port: 5
            """,
        fix="plug all links of a device into one switch.",
    ),
    rule.error(
        "network/leases",
        "The router hands out addresses that are taken",
        rationale="""
            Two machines with one address answer by turns: connections break at random, and each of
            the two looks healthy.
            """,
        example="""
            vlans:
              clients:
                gateway: 10.25.50.1
                leases:
                  first: 10.25.50.1
                  last: 10.25.50.99
            """,
        fix="choose a range, first to last, that holds no address of anything.",
    ),
    rule.error(
        "network/mtu",
        "Pods may send larger packets than the network of the nodes carries",
        rationale="""
            What is too large is dropped between nodes without a word: small requests are answered,
            large ones hang.
            """,
        example="""
            # fleet.yaml: vlans: nodes: mtu: 1500
            kind: HelmRelease # of Cilium
            spec:
              values:
                MTU: 9000
            """,
        fix="leave MTU out; Cilium takes that of the node's interface.",
    ),
    rule.error(
        "network/no-session",
        "A cluster gives addresses and has no BGP session with the router",
        rationale="""
            Services get addresses of the pool, and nobody outside of the cluster is told where they
            are. The router waits for nodes that never dial.
            """,
        example="""
            # and no CiliumBGPClusterConfig with the router as a peer
            kind: CiliumLoadBalancerIPPool
            spec:
              blocks:
                - cidr: 10.25.20.0/24
            """,
        fix="add a CiliumBGPClusterConfig with the router's address as a peer.",
    ),
    rule.error(
        "network/no-way",
        "No uplink leads from a switch to the router",
        rationale="Whatever hangs on it is an island; nothing outside of it is ever reached.",
        example="""
            switches:
              tor-1:
                uplink:
                  to: tor-1
            """,
        fix="give it an uplink towards the switch that the router is plugged into.",
    ),
    rule.error(
        "network/password",
        "A BGP session with the router has no password",
        rationale="""
            The router has a password for every neighbour and drops what is not signed with it; the
            session never comes up, and what is seen is a timeout.
            """,
        example="""
            kind: CiliumBGPPeerConfig
            spec:
              timers: # and no authSecretRef
                holdTimeSeconds: 9
            """,
        fix="name the Secret with the password in authSecretRef.",
    ),
    rule.error(
        "network/prefix-limit",
        "A cluster has more addresses than the router takes",
        rationale="""
            The router closes the session of every node that announces more than its limit: with one
            Service too many, all others are unreachable.
            """,
        example="""
            bgp:
              prefix-limit: 2 # and three Services of type LoadBalancer
            """,
        fix="raise bgp.prefix-limit, and apply it to the router before the Service exists.",
    ),
    rule.error(
        "network/refused-route",
        "A cluster announces what the router refuses",
        rationale="""
            The import filter takes single addresses of the cluster's pool. All else counts towards
            the limit, is dropped, and leaves whoever announced it in the belief that it is reached.
            """,
        example="""
            kind: CiliumBGPAdvertisement
            spec:
              advertisements:
                - advertisementType: PodCIDR
            """,
        fix="announce addresses of type LoadBalancerIP only, and do not aggregate them.",
    ),
    rule.warning(
        "network/annotation-unread",
        "An annotation for external-dns has a prefix that no instance reads",
        rationale="""
            An instance with annotationPrefix reads annotations of that prefix and no others: what
            they ask for does not happen, and names lead to where they would without them. Of the
            usual prefix nothing is said: other programs read it, too.
            """,
        example="""
            # the release has annotationPrefix: public.external-dns/
            kind: Gateway
            metadata:
              annotations:
                outside.external-dns/target: tunnel.example.org
            """,
        fix="correct the prefix at either place.",
    ),
    rule.warning(
        "network/name-unlike",
        "A program tells people a name that nothing makes",
        rationale="""
            A Service beside it gets a name of the same domain, and the program tells people
            another one, for which there is no record: nobody finds it.
            """,
        example="""
            # the Service of GitLab's SSH server
            external-dns.alpha.kubernetes.io/hostname: git.example.org
            # gitlab.yml
            ssh_host: ssh.example.org
            """,
        fix="give both the same name.",
    ),
    rule.warning(
        "network/record-missing",
        "Names lead to a name that nothing gives",
        rationale="""
            external-dns makes aliases to the target of an annotation, whether it is there or not.
            Told is only where a DNSEndpoint gives a name of the same domain that nothing leads to.
            """,
        example="""
            # the DNSEndpoint gives external.example.org
            kind: Gateway
            metadata:
              annotations:
                external-dns.alpha.kubernetes.io/target: tunnel.example.org
            """,
        fix="name the record that is given.",
    ),
    rule.error(
        "network/record-type",
        "A record has what is not for its type",
        rationale="""
            A and AAAA lead to an address, CNAME to a name. The provider refuses the record, and
            often all others of the same batch.
            """,
        example="""
            endpoints:
              - dnsName: external.example.org
                recordType: A
                targets: [tunnel.example.net]
            """,
        fix="correct the type, or the target.",
    ),
    rule.error(
        "network/timers",
        "Router and nodes have different times for BGP",
        rationale="""
            The router forgets the routes of a restarting agent after its own time, whatever the
            agent asked for; and what fleet.yaml says is what operators and the lab reckon with.
            """,
        example="""
            # fleet.yaml: bgp: restart-time: 60
            kind: CiliumBGPPeerConfig
            spec:
              gracefulRestart:
                enabled: true
                restartTimeSeconds: 120
            """,
        fix="take both from fleet.yaml.",
    ),
)
