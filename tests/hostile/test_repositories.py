"""Repositories that nobody should write: each mistake is told with its place, all else is built."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from tests import fleets
from tests.fleets import Fleet

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n"
LETTERS = "abcdefghij"
BOMB = (
    OBJECT
    + "data:\n  a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"  {after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, after in pairwise(LETTERS)
    )
)


def unit(name: str, path: str = "") -> str:
    """A Flux Kustomization that needs nothing."""
    text = fleets._unit(name).replace(f"./kubernetes/apps/{name}", path or name)
    return text.partition("  targetNamespace")[0]


@pytest.fixture
def repository(tmp_path: Path) -> Fleet:
    """Two units: `good` is sound, and `bad` is what a test makes of it."""
    return Fleet(tmp_path).write(
        {
            "clusters/test/units.yaml": unit("bad") + unit("good"),
            "good/map.yaml": OBJECT.replace("map", "good"),
        }
    )


def report(repository: Fleet, *arguments: str) -> list[str]:
    """Places and rules of all errors of a check, all else having been built."""
    repository.patience = 20
    ran = repository.run("check", *arguments)
    lines = ran.out.decode().splitlines()
    assert (ran.code, ran.err) == (1, "")
    assert any(line.startswith("test: 3 Kustomizations (2 rendered, 1 broken)") for line in lines)
    names = repository.run("build", "-o", "names").out.decode()
    assert "test ConfigMap/good\n" in names
    return [": ".join(line.split(": ")[:2]) for line in lines if ": error " in line]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [1\n", "bad/a.yaml:1: error yaml/syntax"),
        (BOMB, "bad/a.yaml:10: error yaml/too-large"),
        (f"{OBJECT}data: {'[' * 50_000}\n", "bad/a.yaml:4: error yaml/too-large"),
        (f"{OBJECT}data: {'[' * 900}{']' * 900}\n", "bad/a.yaml:4: error yaml/too-large"),
        (
            OBJECT + "".join(f"{' ' * depth}a:\n" for depth in range(2000)),
            "bad/a.yaml:204: error yaml/too-large",
        ),
        ('{"a":' * 5000 + "1" + "}" * 5000, "bad/a.yaml:1: error yaml/too-large"),
        (OBJECT.encode() + b"data: {a: \xff}\n", "bad/a.yaml:4: error yaml/encoding"),
        (OBJECT.encode() + b"data: {a: \0}\n", "bad/a.yaml:4: error yaml/encoding"),
        (OBJECT.encode("utf-16-le"), "bad/a.yaml:1: error yaml/encoding"),
        (f"{OBJECT}data: &a {{b: *a}}\n", "bad/a.yaml:4: error yaml/syntax"),
        (f"{OBJECT}data: *gone\n", "bad/a.yaml:4: error yaml/syntax"),
        ("- just\n- a list\n", "bad/a.yaml:1: error flux/not-a-manifest"),
        (OBJECT.replace("map", "[1]"), "bad/a.yaml:1: error kustomize/not-an-object"),
    ],
)
def test_a_file_that_is_no_manifest(repository: Fleet, text: str | bytes, expected: str) -> None:
    assert report(repository.write({"bad/a.yaml": text})) == [expected]


def test_a_file_beyond_all_measure(repository: Fleet) -> None:
    repository.write({"bad/kustomization.yaml": "resources: [a.yaml]\n", "bad/a.yaml": ""})
    with (repository.repository / "bad/a.yaml").open("wb") as file:
        file.truncate(65 << 20)
    assert report(repository) == ["bad/kustomization.yaml:1: error kustomize/unreadable"]


def test_a_file_of_50_mebibytes_is_built(repository: Fleet) -> None:
    line = f"  key: {'v' * 1000}\n"
    data = "".join(line.replace("key", f"key{number}") for number in range(50_000))
    repository.write({"bad/a.yaml": f"{OBJECT}data:\n{data}"})
    ran = repository.run("build", "-o", "names")
    assert (ran.code, ran.out.decode().splitlines()[-2:]) == (
        0,
        ["test ConfigMap/map", "test ConfigMap/good"],
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"bad/kustomization.yaml": "resources: [../other]\n"}
            | {"other/kustomization.yaml": "resources: [../bad]\n"},
            ["other/kustomization.yaml:1: error kustomize/cycle"],
        ),
        (
            {"bad/kustomization.yaml": "resources: [.]\n"},
            ["bad/kustomization.yaml:1: error kustomize/cycle"],
        ),
        (
            {
                "bad/kustomization.yaml": "resources: [gone.yaml, ../gone]\n"
                "patches: [{path: gone.yaml}]\nconfigMapGenerator: [{name: a, files: [gone]}]\n"
            },
            ["bad/kustomization.yaml:1: error kustomize/missing-file"] * 2
            + ["bad/kustomization.yaml:2: error kustomize/missing-file"]
            + ["bad/kustomization.yaml:3: error kustomize/missing-file"],
        ),
        (
            {"bad/kustomization.yaml": "resources: [../../../etc/hostname]\n"},
            ["bad/kustomization.yaml:1: error kustomize/escape"],
        ),
        (
            {
                f"b{number}/kustomization.yaml": f"resources: [../b{number + 1}]\n"
                for number in range(300)
            }
            | {"bad/kustomization.yaml": "resources: [../b0]\n"},
            ["b79/kustomization.yaml:1: error kustomize/too-large"],
        ),
        (
            {"bad/kustomization.yaml": "resources: [a.yaml\n"},
            ["bad/kustomization.yaml:1: error yaml/syntax"],
        ),
        ({"bad/kustomization.yaml/a.yaml": OBJECT}, []),
    ],
)
def test_bases_that_lead_nowhere(
    repository: Fleet, files: dict[str, str], expected: list[str]
) -> None:
    repository.write(files)
    if expected:
        assert report(repository) == expected
    else:
        assert repository.run("check").code == 0


def test_bases_that_unfold_for_ever(repository: Fleet) -> None:
    kind = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    files = {
        f"{letter}{number}/kustomization.yaml": (
            f"{kind}components: [../a{number + 1}, ../b{number + 1}]\n"
        )
        for number in range(40)
        for letter in "ab"
    }
    ends = {f"{letter}40/kustomization.yaml": f"{kind}namePrefix: a\n" for letter in "ab"}
    repository.write({**files, **ends, "bad/kustomization.yaml": "components: [../a0, ../b0]\n"})
    assert {line.split(": ")[1] for line in report(repository)} == {"error kustomize/too-large"}


def test_links_out_of_the_repository(repository: Fleet) -> None:
    repository.write({"bad/kustomization.yaml": "resources: [a.yaml, folder/hostname]\n"})
    (repository.repository / "bad/a.yaml").symlink_to("/etc/hostname")
    (repository.repository / "bad/folder").symlink_to("/etc")
    assert report(repository) == ["bad/kustomization.yaml:1: error kustomize/missing-file"] * 2


@pytest.mark.parametrize("place", ["", "clusters/test", "bad", "gitops.lock.d/test", "bad/chart"])
def test_links_in_circles(repository: Fleet, place: str) -> None:
    repository.write({"bad/map.yaml": OBJECT, "bad/chart/Chart.yaml": CHART})
    repository.write({"clusters/test/release.yaml": RELEASE.replace("CHART", "bad/chart")})
    folder = repository.repository / place
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("round", "about", "again"):  # each leads to all of them: 3 ** 40 ways
        (folder / name).symlink_to(".")
    repository.patience = 20
    ran = repository.run("check")
    assert (ran.code, ran.err) == (1, "")
    (error,) = (line for line in ran.out.decode().splitlines() if ": error " in line)
    assert error.startswith("bad/chart/Chart.yaml:1: error flux/not-a-manifest")


CHART = "apiVersion: v2\nname: chart\nversion: 1.0.0\n"
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: release, namespace: flux-system}
spec: {chart: {spec: {chart: CHART, sourceRef: {kind: GitRepository, name: flux-system}}}}
"""


@pytest.mark.parametrize("name", ["a.yaml", "kustomization.yaml"])
def test_a_pipe_is_no_file(repository: Fleet, name: str) -> None:
    repository.write({"bad/map.yaml": OBJECT})
    os.mkfifo(repository.repository / "bad" / name)
    os.mkfifo(repository.repository / "clusters/test/b.yaml")
    repository.patience = 20
    ran = repository.run("build", "-o", "names")
    assert (ran.code, b"test ConfigMap/map\n" in ran.out) == (0, True)


def test_a_pipe_that_is_named_does_not_exist(repository: Fleet) -> None:
    repository.write({"bad/kustomization.yaml": "resources: [a.yaml]\n"})
    os.mkfifo(repository.repository / "bad/a.yaml")
    assert report(repository) == ["bad/kustomization.yaml:1: error kustomize/missing-file"]


def test_a_name_that_is_not_utf8(repository: Fleet) -> None:
    repository.write({"bad/map.yaml": OBJECT})
    folder = os.fsencode(repository.repository / "bad")
    with open(folder + b"/\xff.yaml", "w") as file:
        file.write(OBJECT)
    ran = repository.run("check")
    assert ran.code == 0
    assert ran.out.startswith(b"bad/\\udcff.yaml: warning repository/file-name: ")


def test_ten_thousand_documents(repository: Fleet) -> None:
    text = "---\n".join(OBJECT.replace("map", f"m{number}") for number in range(10_000))
    repository.write({"bad/a.yaml": text})
    ran = repository.run("build", "-o", "names")
    assert (ran.code, ran.out.count(b"\n")) == (0, 10_003)
