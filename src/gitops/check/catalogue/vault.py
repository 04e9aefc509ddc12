"""Rules about 1Password and `secrets/vault.yaml`."""

from gitops.check import rule

RULES = (
    rule.error(
        "vault/missing",
        "Something reads an item or a field of 1Password that nobody listed",
        rationale="""
            Whoever sets up the vault works from secrets/vault.yaml. What it does not list will not
            be there: the ExternalSecret stays in error, and what needs its Secret never starts.
            """,
        example="""
            kind: ExternalSecret
            spec:
              data:
                - secretKey: password
                  remoteRef:
                    key: grafana
                    property: passwrd # secrets/vault.yaml lists `password`
            """,
        fix="correct the name, or list the item and the field with how it is made and changed.",
    ),
    rule.error(
        "vault/unused",
        "Nothing reads an item or a field that secrets/vault.yaml lists",
        rationale="""
            A secret that nobody needs can only be stolen, and whoever has to rotate it looks in
            vain for what it opens. Where a part of a cluster cannot be seen, this is a note.
            """,
        example="""
            items:
              grafana:
                vault: infra
                fields:
                  old-password: {made: by 1Password, rotate: change it}
            """,
        fix="remove the entry, and the item or field from 1Password.",
    ),
)
