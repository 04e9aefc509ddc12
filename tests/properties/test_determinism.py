"""The same input gives the same bytes, whatever the machine does."""

import random
import shutil
from functools import partial
from pathlib import Path

import pytest

from gitops.cli import main
from gitops.sources.helm import client
from tests import fleets
from tests.fleets import Fleet, Ran

pytestmark = pytest.mark.xdist_group("determinism")  # one worker makes what all are compared with

BUILD = ("build", "--show-origin")
CHECK = ("check", "--json")
MISTAKES = {
    "kubernetes/clusters/east/bad.yaml": fleets._unit("gone") + fleets._unit("odd"),
    "kubernetes/apps/odd/config.yaml": fleets._CONFIG + "  a: ${NOWHERE}\n",
    "kubernetes/apps/odd/broken.yaml": "a: [\n",
}
"""Findings have an order too."""


def fleet(folder: Path, order: list[str] | None = None) -> Fleet:
    made = Fleet(folder).write({**fleets.files(), **MISTAKES}, order or ())
    return made.hold(*fleets.HELD)


def results(given: Fleet, *arguments: str, **environment: str) -> tuple[Ran, Ran]:
    """What a build and a check give; the first run has no results to start from."""
    given.forget()
    return (
        given.run(*BUILD, *arguments, **environment),
        given.run(*CHECK, *arguments, **environment),
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Fleet, tuple[Ran, Ran]]:
    given = fleet(tmp_path_factory.mktemp("first"))
    expected = results(given, PYTHONHASHSEED="0")
    assert [len(ran.out) > 1000 for ran in expected] == [True, True]
    assert [ran.code for ran in expected] == [1, 1]
    return given, expected


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_seed_of_hashes_does_not_matter(
    first: tuple[Fleet, tuple[Ran, Ran]], seed: str
) -> None:
    given, expected = first
    assert results(given, PYTHONHASHSEED=seed) == expected


def test_the_cache_does_not_matter(first: tuple[Fleet, tuple[Ran, Ran]]) -> None:
    given, (build, check) = first
    given.forget()
    assert given.run(*CHECK) == check
    assert given.kept() != []
    assert given.run(*BUILD) == build
    assert given.run(*BUILD, "--no-cache") == build
    assert given.run(*CHECK, "--no-cache") == check


def test_half_a_cache_does_not_matter(first: tuple[Fleet, tuple[Ran, Ran]]) -> None:
    given, (build, _) = first
    given.run(*BUILD)
    for name in given.kept()[::2]:
        (given.cache / "results" / name).unlink()
    assert given.run(*BUILD) == build


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_the_number_of_renders_at_once_does_not_matter(
    first: tuple[Fleet, tuple[Ran, Ran]],
    jobs: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given, (build, _) = first
    monkeypatch.setattr(client, "WorkerRenderer", partial(client.WorkerRenderer, jobs=jobs))
    for name, value in given.environment.items():
        monkeypatch.setenv(name, value)
    main.main([*BUILD, "--no-cache", "--repo", str(given.repository)])
    assert capsys.readouterr().out.encode() == build.out


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_neither_the_order_of_files_nor_their_place_matters(
    first: tuple[Fleet, tuple[Ran, Ran]], tmp_path: Path, seed: int
) -> None:
    _, expected = first
    order = sorted({**fleets.files(), **MISTAKES})
    random.Random(seed).shuffle(order)
    assert results(fleet(tmp_path, order)) == expected


def test_where_one_stands_does_not_matter(
    first: tuple[Fleet, tuple[Ran, Ran]], tmp_path: Path
) -> None:
    given, expected = first
    elsewhere = Fleet(tmp_path)
    elsewhere.repository.mkdir()
    elsewhere.environment = given.environment
    assert results(elsewhere, "--repo", str(given.repository)) == expected


def test_results_of_another_place_are_as_good(
    first: tuple[Fleet, tuple[Ran, Ran]], tmp_path: Path
) -> None:
    given, (build, _) = first
    given.run(*BUILD)
    copy = Fleet(tmp_path)
    shutil.copytree(given.repository, copy.repository)
    copy.environment = given.environment
    before = given.kept()
    assert copy.run(*BUILD) == build
    assert given.kept() == before


def test_the_order_of_clusters_is_that_of_their_names(
    first: tuple[Fleet, tuple[Ran, Ran]],
) -> None:
    given, (build, _) = first
    entries = ("west=kubernetes/clusters/west", "east=kubernetes/clusters/east")
    named = [word for entry in entries for word in ("--entry", entry)]
    assert given.run(*BUILD, *named) == build
    assert given.run(*BUILD, "west", "east") == build
