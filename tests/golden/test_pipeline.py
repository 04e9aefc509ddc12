"""Whole clusters: a text holds the repository, and beside it lies all that is printed of it.

With GITOPS_REWRITE=1 the expected texts are written anew, to be read before they are committed.
"""

import os
from pathlib import Path

import pytest

from gitops.check import engine
from gitops.check.knowledge import Knowledge
from gitops.sources.schemas import kubernetes
from gitops.ui import text, tree, yaml
from tests import harness
from tests.unit.build.pipeline.compiling import Charts, Outside, Renders, chart, compiled, stored

KNOWLEDGE = Knowledge(definitions=kubernetes.definitions)
CASES = sorted((Path(__file__).parent / "pipeline").glob("*.txt"))
APP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: NAME}
data: {from: the chart}
"""


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_cluster_is_what_it_was(case: Path) -> None:
    given = Outside(renders=Renders({"app": chart(APP)}), charts=Charts(stored("app")))
    fleet = compiled(harness.parse(case.read_text("utf-8")).files, given)
    shown = [
        *tree.lines(fleet),
        "\n",
        *text.report(fleet, engine.check(fleet, KNOWLEDGE)),
        "\n",
        *yaml.documents(fleet, origin=True),
    ]
    expected = case.with_suffix(".expected")
    if "GITOPS_REWRITE" in os.environ:
        expected.write_text("".join(shown), "utf-8")
    assert "".join(shown) == expected.read_text("utf-8")
