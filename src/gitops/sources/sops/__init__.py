"""Files encrypted with SOPS: read with the age keys at hand, or stood in for without.

What counts is what kustomize-controller does (internal/decryptor: DecryptSources, DecryptResource,
SopsDecryptWithFormat), and beneath it sops (v3.13: Tree.Decrypt, aes.Decrypt, stores). Flux does
not test the MAC, because by the time it decrypts an object kustomize has changed it.

Whatever holds a decrypted value stays out of caches and logs: `Decrypted`, `DecryptedFile`, and all
that was built from a tree whose `revealed` says so.
"""

from gitops.sources.sops.objects import decrypt_object, is_encrypted, mac_matches, placeholders
from gitops.sources.sops.outcome import Damage, Damaged, Decrypted, DecryptedFile, NoKey

__all__ = [
    "Damage",
    "Damaged",
    "Decrypted",
    "DecryptedFile",
    "NoKey",
    "decrypt_object",
    "is_encrypted",
    "mac_matches",
    "placeholders",
]
