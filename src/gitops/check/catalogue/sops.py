"""Rules about encrypted objects."""

from gitops.check import rule

RULES = (
    rule.error(
        "sops/damaged",
        "An encrypted object cannot be what sops wrote",
        rationale="""
            A value or the sops block was changed, cut off or merged by hand. Flux fails the
            Kustomization that holds it.
            """,
        example="password: ENC[AES256_GCM,data:… # the rest of the line was lost",
        fix="restore it from its history, or encrypt it anew.",
    ),
    rule.note(
        "sops/keyring",
        "A key for SOPS cannot be used",
        rationale="What it would decrypt stays a placeholder, and so does what is made of it.",
        example="SOPS_AGE_KEY_FILE=/missing/keys.txt gitops check",
        fix="name a readable file with age X25519 keys; other kinds of keys are not used.",
    ),
    rule.note(
        "sops/no-key",
        "An encrypted object stays a placeholder",
        rationale="""
            No key that is here opens it. The build goes on with typed placeholders, which never
            hold anything of the secret.
            """,
        example="# a Secret encrypted for the cluster's key alone",
        fix="set SOPS_AGE_KEY_FILE to a file with one of its keys to see the real values.",
    ),
    rule.error(
        "sops/no-recipient",
        "An object is encrypted for nobody",
        rationale="Its sops block names no recipient, so no key can ever open it.",
        example="sops: {age: []}",
        fix="encrypt it anew with a recipient.",
    ),
    rule.warning(
        "sops/not-covered",
        "An encrypted value will reach the cluster as it is",
        rationale="""
            The rule in the sops block does not take the field in, or there is no such block: Flux
            applies the text ENC[…] in place of the secret.
            """,
        example="stringData: {password: 'ENC[AES256_GCM,…]'} # and no sops block",
        fix="encrypt the file anew, with a rule that takes the field in.",
    ),
    rule.error(
        "sops/not-decrypted",
        "An object is encrypted, and its Kustomization does not decrypt",
        rationale="Flux refuses to apply it as it is.",
        example="""
            kind: Kustomization
            spec: {path: secrets} # no decryption
            """,
        fix="set spec.decryption with provider sops and the Secret that holds the key.",
    ),
    rule.outside(
        "sops/not-encrypted",
        "A file that is to be encrypted is not",
        rationale="""
            A rule of .sops.yaml takes its path in, and its name or the Secret that it holds says
            that it is meant. Whoever has ever had a copy of the repository has what it holds.
            """,
        example="""
            # .sops.yaml
            creation_rules:
              - path_regex: .*\\.sops\\.yaml
            # web.sops.yaml
            kind: Secret
            stringData: {password: hunter2}
            """,
        fix="encrypt it with sops, and change what was readable.",
    ),
    rule.outside(
        "sops/plaintext-leaf",
        "A value in an encrypted object is readable",
        rationale="""
            It was added after the object was encrypted. Flux refuses the object, and the value is
            known to whoever can read the repository.
            """,
        example="stringData: {password: hunter2} # beside a sops block",
        fix="encrypt the file anew, and change the secret.",
    ),
)
