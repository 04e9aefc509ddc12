"""The schemas of Kubernetes, as the package kubernetes-validate carries them.

Only its data is used: the OpenAPI definitions of each minor version. Its own files per kind take
`networking.k8s.io` and `networking.istio.io` for one group; the definitions name the whole group.
"""

import os
import re
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import msgspec

from gitops.sources import cachedir

_FOLDER = re.compile(r"v1\.(?P<minor>[0-9]+)\.[0-9]+-local")


@lru_cache(2)
def definitions(kube_version: str) -> dict[str, Any]:
    """Those of a minor version, or of the nearest that is there; none without the data."""
    folders = _folders()
    wanted = re.match(r"v?1\.(?P<minor>[0-9]+)", kube_version)
    if not folders or wanted is None:
        return {}
    minor = int(wanted["minor"])
    nearest = min(folders, key=lambda found: (abs(found - minor), found))
    text = cachedir.read(os.path.join(folders[nearest], "_definitions.json"))
    found: dict[str, Any] = msgspec.json.decode(text)["$defs"] if text else {}
    return found


def _folders() -> dict[int, str]:
    # The package is found and not imported: importing it would load a validator of its own.
    spec = find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        return {}
    root = os.path.join(os.path.dirname(spec.origin), "kubernetes-json-schema")
    names = os.listdir(root) if os.path.isdir(root) else []
    matches = ((name, _FOLDER.fullmatch(name)) for name in names)
    return {int(found["minor"]): os.path.join(root, name) for name, found in matches if found}
