"""How bundles get into 1Password or SOPS, and back.

Source: 1Password CLI 2, `op item create` with a template on standard input, and `op inject`;
SOPS 3, `encrypt` and `decrypt`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from gitops.errors import ToolError
from gitops.sources import yamlio
from gitops.talos import bundle

VAULT = "operator"
"""The vault that people open, and no cluster."""

Run = Callable[[Sequence[str], bytes], bytes]
"""Runs a program with something on its standard input; raises ProcessFailed."""

_NAMES = ("sops", "--input-type", "yaml", "--output-type", "yaml")


def create(cluster: str, fields: Mapping[str, str], run: Run) -> None:
    """Make the item of a cluster. Values go by standard input, where no other process sees them."""
    item = {
        "title": bundle.item(cluster),
        "category": "SECURE_NOTE",
        "fields": [
            {"id": name, "label": name, "type": "CONCEALED", "value": value}
            for name, value in sorted(fields.items())
        ],
    }
    run(["op", "item", "create", "--vault", VAULT, "-"], msgspec.json.encode(item))


def fetch(cluster: str, run: Run) -> dict[str, Any]:
    """A bundle, as far as 1Password has its parts."""
    lines = (f"{name}: op://{VAULT}/{bundle.item(cluster)}/{name}\n" for name in bundle.PLACES)
    found = run(["op", "inject"], "".join(lines).encode())
    documents, mistakes = yamlio.parse(found, "op")
    if mistakes or len(documents) != 1 or not isinstance(documents[0].value, dict):
        raise ToolError("op does not give what it was asked for")
    values = {key: value for key, value in documents[0].value.items() if isinstance(value, str)}
    return bundle.of_fields(values)


def encrypt(text: str, path: str, run: Run) -> bytes:
    """The bundle as SOPS writes it into a file of this path, by the rules of .sops.yaml."""
    return run([*_NAMES, "--encrypt", "--filename-override", path, "/dev/stdin"], text.encode())


def decrypt(content: bytes, run: Run) -> bytes:
    """The bundle in a file that SOPS wrote; a file that it did not is the bundle."""
    documents, _ = yamlio.parse(content, "sops")
    encrypted = any(isinstance(each.value, dict) and "sops" in each.value for each in documents)
    return run([*_NAMES, "--decrypt", "/dev/stdin"], content) if encrypted else content
