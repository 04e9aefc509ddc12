"""The configurations of all six machines, whole; `gitops talos render -o tests/golden/talos`."""

import pytest

from gitops.talos import rendering
from gitops.talos.rendering import Configuration
from tests import machines
from tests.architecture import project

FOLDER = project.ROOT / "tests" / "golden" / "talos"


def rendered() -> tuple[Configuration, ...]:
    return rendering.render(machines.tree(), machines.loaded().estate).configurations


@pytest.mark.parametrize("found", rendered(), ids=lambda found: found.node)
def test_a_machine_is_configured_like_this(found: Configuration) -> None:
    assert found.text == (FOLDER / found.path).read_text("utf-8")


def test_every_node_of_the_facts_has_its_file() -> None:
    files = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml"))
    assert files == sorted(found.path for found in rendered())
    assert len(files) == 6


def test_all_of_them_pass_the_schema_and_every_rule() -> None:
    found = [machines.judged(each, machines.schema()) for each in machines.configurations()]
    assert found == [[]] * 6


def test_nothing_secret_stands_in_them() -> None:
    """And no dollar sign, after which `op inject` would fill in variables."""
    for found in rendered():
        assert "PRIVATE KEY" not in found.text
        assert "$" not in found.text
