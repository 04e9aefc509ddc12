"""Files encrypted with SOPS: read with the age keys at hand, or stood in for without."""

from gitops.sources.sops.audit import examine, report
from gitops.sources.sops.files import decrypt_file, files_of
from gitops.sources.sops.formats import Format, format_of
from gitops.sources.sops.objects import mac_matches
from gitops.sources.sops.outcome import Damage, Damaged, Decrypted, DecryptedFile, NoKey
from gitops.sources.sops.plaintree import DecryptingTree
from gitops.sources.sops.resources import (
    decrypt_object,
    holds_placeholder,
    is_encrypted,
    placeholders,
)

__all__ = [
    "Damage",
    "Damaged",
    "Decrypted",
    "DecryptedFile",
    "DecryptingTree",
    "Format",
    "NoKey",
    "decrypt_file",
    "decrypt_object",
    "examine",
    "files_of",
    "format_of",
    "holds_placeholder",
    "is_encrypted",
    "mac_matches",
    "placeholders",
    "report",
]
