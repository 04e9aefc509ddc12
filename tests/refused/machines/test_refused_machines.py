"""What `gitops talos` says of our own machines, with one file in another state."""

from pathlib import Path

import pytest

from gitops.estate import loading
from gitops.talos import rendering, schematic
from tests.architecture import project
from tests.refused import machine

OURS = {
    path: project.ROOT.joinpath(path).read_text("utf-8")
    for path in (loading.PATH, rendering.TEMPLATE, schematic.PATH)
}


@pytest.mark.parametrize("fixture", machine.fixtures(__file__), ids=lambda path: path.name)
def test_the_mistake_is_reported_and_nothing_else(
    fixture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = machine.report(fixture, tmp_path, capsys, OURS)
    assert report == machine.expect(fixture, report)
    assert code == (1 if " error " in report else 0)
