"""Rules about `fleet.yaml` and `secrets/vault.yaml`, the facts of the estate."""

from gitops.check import rule

RULES = (
    rule.error(
        "estate/access",
        "The router lets somebody not through whom other facts send",
        rationale="""
            The router refuses what no access names. Nodes that reach no server of names find
            nothing at all, and nodes that do not hear of an empty battery are switched off hard.
            """,
        example="""
            access:
              names:
                from:
                  - clients # and not nodes, which ask dns.servers as well
                to:
                  - ns-1
            """,
        fix="add the end or the port to an access.",
    ),
    rule.error(
        "estate/duplicate",
        "Two things in fleet.yaml have what only one can have",
        rationale="""
            Two machines with one address answer for each other; two clusters with one id or one
            port cannot mesh; two cables do not fit into one port.
            """,
        example="""
            nodes:
              infra-01:
                address: 10.25.11.11
              infra-02:
                address: 10.25.11.11
            """,
        fix="give one of the two another value; the finding names both lines.",
    ),
    rule.error(
        "estate/limit",
        "A number in fleet.yaml is beyond what other facts permit",
        rationale="""
            A port that the switch does not have, a mesh port that is no NodePort, more tapes than
            slots: each is refused only by the device, long after the file was changed.
            """,
        example="""
            mesh-port: 2379 # NodePorts are 30000 to 32767
            """,
        fix="correct the number, or the fact that it is held against.",
    ),
    rule.error(
        "estate/missing-key",
        "A fact is missing from its file",
        rationale="""
            What is derived from fleet.yaml needs every fact: the settings of clusters, the
            configuration of machines, router and switches. What is kept in secrets/vault.yaml has
            to say how it is made and changed.
            """,
        example="""
            git:
              branch: main # and no url
            """,
        fix="add the key; src/gitops/model/estate.py and vault.py say what each means.",
    ),
    rule.error(
        "estate/outside",
        "An address in fleet.yaml is not of the network that it belongs to",
        rationale="""
            Nothing answers there: neighbours look for an address in the network that their own is
            of, and load balancers announce addresses of their pool only.
            """,
        example="""
            vlans:
              nodes:
                subnet: 10.25.11.0/24
                gateway: 10.25.12.1
            """,
        fix="choose an address of the network, neither its first nor its last.",
    ),
    rule.error(
        "estate/overlap",
        "Two networks in fleet.yaml overlap",
        rationale="""
            An address of both is found in one of them only. A pool of load balancers inside the
            network of the nodes is announced by BGP to neighbours that ask for it by ARP, and
            nobody answers.
            """,
        example="""
            pods: 10.244.0.0/16
            services: 10.244.0.0/20
            """,
        fix="give each a network of its own.",
    ),
    rule.error(
        "estate/port",
        "The object storage is called at another port than it has",
        rationale="""
            Backups go to an address at which nobody answers; that they fail is seen on the day on
            which one is missing.
            """,
        example="""
            # fleet.yaml: s3: {host: s3.lab.example, port: 9000}
            endpointURL: https://s3.lab.example:9009
            """,
        fix="take the port from fleet.yaml, or correct it there.",
    ),
    rule.error(
        "estate/unknown-key",
        "A file of facts has a key that means nothing",
        rationale="""
            Nobody reads the value that stands there, and whoever wrote it believes that it counts.
            """,
        example="""
            acme:
              mail: platform@lab.example # the key is email
            """,
        fix="correct the key, or remove it.",
    ),
    rule.error(
        "estate/unknown-name",
        "A name in fleet.yaml stands for nothing",
        rationale="""
            VLANs, hosts, switches and kinds of machines are named where they are used; with a name
            that none of them has, nothing can be configured from it.
            """,
        example="""
            nas:
              vlan: storge # VLANs are nodes, services and storage
            """,
        fix="correct the name, or add what it stands for.",
    ),
    rule.error(
        "estate/unreadable",
        "A file of facts cannot be read",
        rationale="""
            Without the facts of the estate, nothing that is derived from them can be made or
            compared.
            """,
        example="""
            domain: lab.example
            ---
            domain: lab.example # a second document
            """,
        fix="make it a file that holds one YAML document.",
    ),
    rule.error(
        "estate/value",
        "A fact is of the wrong type or out of its range",
        rationale="""
            An address that is none, a network with bits of a host, a number out of its range: the
            machine or the router that gets it refuses its whole configuration.
            """,
        example="""
            vlans:
              nodes:
                subnet: 10.25.11.1/24 # the network is 10.25.11.0/24
            """,
        fix="correct the value; src/gitops/model/estate.py says what is allowed.",
    ),
)
