"""Charts for tests: a small sound one, and archives as strangers make them."""

import gzip
import io
import tarfile
from collections.abc import Iterable, Mapping

CONFIG_MAP = b"kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n"


def chart_files(name: str = "app", version: str = "1.2.3", app: str = "4.5") -> dict[str, bytes]:
    chart = f"apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: '{app}'\n"
    return {
        "Chart.yaml": chart.encode(),
        "values.yaml": b"a: 1\n",
        "templates/configmap.yaml": CONFIG_MAP,
    }


def chart_archive(name: str = "app", version: str = "1.2.3", app: str = "4.5") -> bytes:
    files = chart_files(name, version, app)
    return tgz((f"{name}/{path}", content) for path, content in files.items())


def tgz(entries: Iterable[tuple[str, bytes] | tarfile.TarInfo]) -> bytes:
    """An archive as the standard library writes it: another program than ours."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry in entries:
            if isinstance(entry, tarfile.TarInfo):
                archive.addfile(entry)
            else:
                info = tarfile.TarInfo(entry[0])
                info.size = len(entry[1])
                archive.addfile(info, io.BytesIO(entry[1]))
    return gzip.compress(buffer.getvalue(), mtime=0)


def index(chart: str, entries: Iterable[Mapping[str, str]]) -> bytes:
    """An index.yaml in the layout of `helm repo index`."""
    lines = ["apiVersion: v1", "entries:", f"  {chart}:"]
    for entry in entries:
        lines += [
            "  - apiVersion: v2",
            f"    digest: {entry.get('digest', '')}",
            f"    name: {chart}",
            "    urls:",
            f"    - {entry['url']}",
            f"    version: {entry['version']}",
        ]
    return "\n".join((*lines, 'generated: "2025-01-01T00:00:00Z"', "")).encode()
