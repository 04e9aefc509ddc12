"""Every verb has a module and stands in the README."""

from gitops.cli import main
from tests.architecture import project


def test_every_verb_has_a_module_with_run() -> None:
    modules = project.modules()
    missing = [verb for verb in main.VERBS if f"src/gitops/cli/{verb}.py" not in modules]
    assert missing == []


def test_every_verb_stands_in_the_readme() -> None:
    readme = (project.ROOT / "README.md").read_text("utf-8")
    assert [verb for verb in main.VERBS if f"./gitops {verb}" not in readme] == []
