from pathlib import Path

import pytest

from gitops.errors import ChartError
from gitops.sources.charts import archive, keep
from gitops.sources.charts.packing import Packer
from gitops.sources.charts.store import Store
from gitops.sources.tree import MemoryTree
from tests.unit.sources.charts import chart_files


def test_a_chart_of_the_repository_is_kept_outside_the_index(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    packed = Packer(store).pack(MemoryTree(chart_files()), "charts/app")
    assert (packed.address, packed.version, packed.app_version) == ("charts/app", "1.2.3", "4.5")
    assert packed.digest == archive.digest(chart_files())
    assert archive.unpack(Path(packed.path).read_bytes(), "a.tgz") == chart_files()
    assert keep.listing(store) == ()


def test_what_is_no_chart_is_refused_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(ChartError, match=r"^charts/app holds no Chart\.yaml: it is not a chart$"):
        Packer(Store(str(tmp_path))).pack(MemoryTree({"a": ""}), "charts/app")
