"""Rules about certificates."""

from gitops.check import rule

RULES = (
    rule.whole(
        "certificate/host-not-covered",
        "A host is served with a certificate that is not for it",
        rationale="""
            Clients refuse the connection. A wildcard in a certificate stands for exactly one label,
            while `*.` of a listener takes any number of them.
            """,
        example="""
            # the Certificate has dnsNames: ["*.example.org"]
            kind: HTTPRoute
            spec:
              hostnames:
                - api.web.example.org
            """,
        fix="add the host to dnsNames, or serve it with another certificate.",
    ),
    rule.error(
        "certificate/invalid",
        "A Certificate asks for what cannot be issued",
        rationale="""
            Key sizes, times and names have bounds that the schema does not hold: the webhook of
            cert-manager, or the issuer, refuses what lies outside of them.
            """,
        example="""
            duration: 24h
            renewBefore: 48h
            """,
        fix="correct the field that the finding names.",
    ),
    rule.outside(
        "certificate/issuer-missing",
        "A certificate is to be issued by an issuer that does not exist",
        rationale="""
            The Certificate waits for ever, its Secret is never written, and whatever mounts it does
            not start. Without `kind`, an issuerRef means an Issuer of the same namespace.
            """,
        example="""
            # the ClusterIssuer is called letsencrypt
            issuerRef:
              name: letsencrypt
            """,
        fix="correct name and kind of the issuer.",
    ),
    rule.warning(
        "certificate/other-server",
        "An issuer asks another server than it is named for",
        rationale="""
            Let's Encrypt has a server for tests, whose certificates nobody trusts, and one that
            counts every attempt. An issuer that was copied from the other is healthy, and all who
            use it get the wrong one.
            """,
        example="""
            kind: ClusterIssuer
            metadata:
              name: letsencrypt-production
            spec:
              acme:
                server: https://acme-staging-v02.api.letsencrypt.org/directory
            """,
        fix="correct the server, or the name.",
    ),
    rule.error(
        "certificate/zone-not-solved",
        "An ACME issuer cannot prove a name of a certificate",
        rationale="""
            A solver with a selector is used only for the names and zones that it lists, and a
            wildcard can be proved by DNS-01 alone. The order fails, and nothing is issued.
            """,
        example="""
            # the solver has dnsZones: [example.org]
            dnsNames:
              - web.example.com
            """,
        fix="add the zone to the selector of a solver, or correct the name.",
    ),
)
