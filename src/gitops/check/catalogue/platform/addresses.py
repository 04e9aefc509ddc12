"""Rules about addresses."""

from gitops.check import rule

RULES = (
    rule.error(
        "address/cluster-ip",
        "A Service asks for an address that the cluster does not give to Services",
        rationale="""
            The API server refuses an address outside of the range for Services. A kube-dns at
            another address than the one that kubelets write into every pod answers nobody.
            """,
        example="""
            # fleet.yaml: services: 10.245.0.0/16
            kind: Service
            metadata:
              name: kube-dns
              namespace: kube-system
            spec:
              clusterIP: 10.247.0.10
            """,
        fix="take the address from fleet.yaml, by way of the cluster's settings.",
    ),
    rule.whole(
        "address/node-port",
        "A Service asks for a node port that it cannot have",
        rationale="""
            A port of the nodes belongs to one Service, and lies in the range of the API server,
            which refuses all else.
            """,
        example="""
            kind: Service
            spec:
              type: NodePort
              ports:
                - port: 80
                  nodePort: 8080
            """,
        fix="choose a free port of 30000-32767, or remove nodePort.",
    ),
    rule.error(
        "address/not-routed",
        "A pool has addresses that the router does not take from this cluster",
        rationale="""
            The router filters what each cluster may announce. An address outside of the filter is
            given to a Service and reached by nobody.
            """,
        example="""
            # fleet.yaml: load-balancers: 10.25.20.0/24
            kind: CiliumLoadBalancerIPPool
            spec:
              blocks:
                - cidr: 10.25.22.0/24
            """,
        fix="take the pool from fleet.yaml, from which the filter of the router is made.",
    ),
    rule.error(
        "address/overlap",
        "Two ranges of addresses overlap",
        rationale="""
            An address that pods, machines or Services have twice leads sometimes to the one and
            sometimes to the other. Cilium takes a pool that overlaps with another out of use.
            Across clusters this is told of those that share an estate.
            """,
        example="""
            kind: CiliumLoadBalancerIPPool
            metadata:
              name: main
            spec:
              blocks:
                - cidr: 10.25.20.0/24
                - cidr: 10.25.20.128/25
            """,
        fix="give each its own range.",
    ),
    rule.outside(
        "address/pool-refuses",
        "A Service asks for an address that its pool does not give it",
        rationale="""
            The Service stays without an address and its clients without an answer; nothing but its
            status says so. A pool may be for other Services, and may keep the first and the last
            address of each CIDR back.
            """,
        example="""
            kind: CiliumLoadBalancerIPPool
            spec:
              allowFirstLastIPs: "No"
              blocks:
                - cidr: 10.25.20.0/24
            ---
            kind: Service
            metadata:
              annotations:
                lbipam.cilium.io/ips: 10.25.20.255
            """,
        fix="ask for an address of a pool whose selector takes the Service, or change the pool.",
    ),
    rule.outside(
        "address/taken-twice",
        "Two Services ask for the same address",
        rationale="""
            One of them, whichever comes first, gets it; the other stays without. Services that name
            the same sharing key may have one address together.
            """,
        example="""
            kind: Service
            metadata:
              name: one # and another Service with the same annotation
              annotations:
                lbipam.cilium.io/ips: 10.25.20.20
            """,
        fix="give each its own address, or the same lbipam.cilium.io/sharing-key to both.",
    ),
    rule.warning(
        "address/unaligned",
        "A range of addresses does not begin with its first address",
        rationale="""
            Programs cut the rest off, some refuse it, and a reader takes it for a range that begins
            where it says.
            """,
        example="""
            kind: CiliumLoadBalancerIPPool
            spec:
              blocks:
                - cidr: 10.25.20.64/24
            """,
        fix="write the first address of the range, or the length that is meant.",
    ),
)
