"""Files encrypted with SOPS: read with the age keys at hand, or stood in for without.

What counts is what kustomize-controller does (internal/decryptor: DecryptSources, DecryptResource,
SopsDecryptWithFormat), and beneath it sops (v3.13: Tree.Decrypt, aes.Decrypt, stores). Flux does
not test the MAC, because by the time it decrypts an object kustomize has changed it.

Whatever holds a decrypted value stays out of caches and logs: `Decrypted`, `DecryptedFile`, and all
that was built from a `DecryptingTree` which has `revealed` something.

Each name is loaded when it is first asked for. What the names are, `__init__.pyi` says.
"""

from gitops.sources import names

_HOMES = {
    "Damage": "outcome",
    "Damaged": "outcome",
    "Decrypted": "outcome",
    "DecryptedFile": "outcome",
    "DecryptingTree": "plaintree",
    "Format": "formats",
    "NoKey": "outcome",
    "decrypt_file": "files",
    "decrypt_object": "resources",
    "examine": "audit",
    "files_of": "files",
    "format_of": "formats",
    "holds_placeholder": "resources",
    "is_encrypted": "resources",
    "mac_matches": "objects",
    "placeholders": "resources",
    "report": "audit",
}

__getattr__ = names.loader(globals(), _HOMES)
