"""What a run loads: start-up time is part of the product."""

import sys
from pathlib import Path

import pytest

from tests import fleets
from tests.fleets import Fleet

SLOW = frozenset(
    (
        *("yaml", "yaml_rs", "subprocess", "cryptography", "pyrage", "requests", "oras"),
        *("shutil", "tempfile", "dataclasses", "asyncio", "multiprocessing", "logging"),
        *("gitops.build.kustomize", "gitops.build.substitute", "gitops.build.pipeline.building"),
        *("gitops.build.lock.text", "gitops.build.lock.interface", "gitops.sources.git"),
        *("gitops.sources.helm.client", "gitops.sources.charts.packing", "gitops.sources.sops"),
        *("gitops.sources.yamlio.fast", "gitops.sources.yamlio.exact", "gitops.check.catalogue"),
    )
)
"""Modules that take a millisecond or more, and that a run without news has no use for."""


@pytest.mark.parametrize("verb", ["check", "build -o names", "build -o json"])
def test_a_run_without_news_loads_no_engine(tmp_path: Path, verb: str) -> None:
    fleet = Fleet(tmp_path).write(fleets.files()).hold(*fleets.HELD)
    assert fleet.run("lock").code == 0
    assert fleet.run(*verb.split()).code == 0
    assert loaded(fleet, *verb.split()) & SLOW == set()


def test_a_first_check_without_errors_loads_no_texts_about_rules(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path).write(fleets.files()).hold(*fleets.HELD)
    assert fleet.run("lock").code == 0
    assert "gitops.check.catalogue" not in loaded(fleet, "check")


def loaded(fleet: Fleet, *arguments: str) -> set[str]:
    """The modules that a command line loads."""
    code = "import sys; from gitops.cli import main; code = main.main(sys.argv[1:]); "
    code += "sys.stderr.write(' '.join(sys.modules)); sys.exit(code)"
    ran = fleet.python(code, *arguments)
    assert ran.code == 0
    return set(ran.err.split()) - set(sys.builtin_module_names)


def test_a_run_leaves_nothing_for_python_to_collect(tmp_path: Path) -> None:
    code = "import atexit, gc, sys; from gitops.cli.main import run\n"
    code += "atexit.register(lambda: sys.stderr.write(str(gc.get_freeze_count() > 1000)))\n"
    code += "run()"
    fleet = Fleet(tmp_path).write({"gitops.toml": ""})
    assert fleet.python(code, "--version").err == "True"
