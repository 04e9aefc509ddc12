"""Charts for tests of Helm: those of `tests/charts`, and small ones made on the spot."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from gitops.model.render import RenderRequest
from gitops.sources.charts import archive

CHARTS = Path(__file__).parents[2] / "charts"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"


def request(chart: str | Path, values: Any = None, **fields: Any) -> RenderRequest:
    """Release `web` in namespace `apps`. A bare name is one of `tests/charts`."""
    return RenderRequest(
        **{
            "chart": str(CHARTS / chart),
            "digest": "",
            "name": "web",
            "namespace": "apps",
            "values": msgspec.json.encode(values or {}),
            "kube_version": "1.33.5",
            **fields,
        }
    )


def packed(
    path: Path, files: Mapping[str, str | bytes], name: str = "small", meta: str = ""
) -> Path:
    """A chart archive at the path; Chart.yaml is made up unless it is given."""
    given = {"Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 0.1.0\n{meta}", **files}
    encoded = {
        path: text.encode() if isinstance(text, str) else text for path, text in given.items()
    }
    path.write_bytes(archive.pack(name, encoded))
    return path
