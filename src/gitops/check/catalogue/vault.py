"""Rules about 1Password and `secrets/vault.yaml`."""

from gitops.check import rule

RULES = (
    rule.error(
        "vault/absent",
        "1Password does not have an item or a field",
        rationale="""
            The ExternalSecret that reads it stays in error, and what needs its Secret never starts.
            `gitops secrets verify` tells it before a cluster does.
            """,
        example="""
            $ gitops secrets verify --vault infra
            # secrets/vault.yaml lists the item `grafana`, and nobody has made it
            """,
        fix="make the item or the field as secrets/vault.yaml says.",
    ),
    rule.error(
        "vault/ambiguous",
        "1Password has two of what must be there once",
        rationale="""
            External Secrets asks for items by title and for fields by label. Where two answer, it
            reads neither.
            """,
        example="""
            $ op item list --vault infra
            # grafana
            # grafana
            """,
        fix="rename or remove all but one.",
    ),
    rule.error(
        "vault/closed",
        "A vault cannot be seen",
        rationale="""
            What it holds cannot be verified, and a cluster whose token does not open it reads
            nothing of it. Tokens of 1Password Connect see the vaults they were made for.
            """,
        example="""
            $ OP_CONNECT_TOKEN=<token for the vault apps> gitops secrets verify --vault infra
            """,
        fix="ask with a token that opens it, or name the vaults to verify with --vault.",
    ),
    rule.error(
        "vault/empty",
        "A field in 1Password has nothing in it",
        rationale="""
            The Secret is made, with an empty value: programs start and fail later, or let everybody
            in.
            """,
        example="""
            $ op item create --vault infra --title grafana 'password[password]='
            """,
        fix="give it a value, as secrets/vault.yaml says it is made.",
    ),
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
        "vault/unlisted",
        "A store opens a vault that secrets/vault.yaml does not list",
        rationale="""
            External Secrets looks into the vaults that its store names, and refuses the store if
            one of them is not there: every ExternalSecret that takes from it is in error.
            """,
        example="""
            # secrets/vault.yaml
            vaults: {shared: both clusters}
            # ClusterSecretStore
            vaults: {share: 1}
            """,
        fix="correct the name, or list the vault with who may read it.",
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
