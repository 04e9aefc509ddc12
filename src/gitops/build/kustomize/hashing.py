"""The suffix that kustomize gives to the names of generated ConfigMaps and Secrets."""

from hashlib import sha256
from typing import Any

from gitops.build.kustomize import gojson
from gitops.build.kustomize.keyed import text_of

_LETTERS = str.maketrans("013ae", "ghkmt")
"""No vowels and no digits that look like letters, so that no word comes out."""


def suffix(body: dict[str, Any]) -> str:
    """The ten characters that stand for the content of a ConfigMap or a Secret.

    Only kind, type and data count. kustomize means the name to count too, but looks it up under the
    field `metadata/name`, which no object has.
    """
    kind = body.get("kind")
    content = {"kind": kind, "name": "", "data": _part(body, "data")}
    if kind == "Secret":
        content["type"] = text_of(body.get("type"))
    optional = "stringData" if kind == "Secret" else "binaryData"
    if isinstance(body.get(optional), dict):
        content[optional] = body[optional]
    return sha256(gojson.encode(content)).hexdigest()[:10].translate(_LETTERS)


def _part(body: dict[str, Any], field: str) -> Any:
    value = body.get(field)
    return value if isinstance(value, dict) else text_of(value)
