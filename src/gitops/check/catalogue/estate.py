"""Rules about `fleet.yaml`, the facts of the estate."""

from gitops.check import rule

RULES = (
    rule.error(
        "estate/missing-key",
        "A fact is missing from fleet.yaml",
        rationale="""
            What is derived from the file needs every fact: the settings of clusters, the
            configuration of machines, router and switches.
            """,
        example="""
            git:
              branch: main # and no url
            """,
        fix="add the key; src/gitops/model/estate.py says what each means.",
    ),
    rule.error(
        "estate/unknown-key",
        "The file fleet.yaml has a key that means nothing",
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
        "estate/unreadable",
        "The file fleet.yaml cannot be read",
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
        "A fact in fleet.yaml is of the wrong type or out of its range",
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
