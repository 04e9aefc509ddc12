"""Whatever a repository holds, a build ends, and it ends with a result."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gitops.build import kustomize
from gitops.sources.tree import MemoryTree
from tests.golden.kustomize import cases
from tests.harness import Repo

REPOS = [cases.read(case)[0] for case in cases.paths()]
JUNK = (
    "- a",
    "a: b",
    "? x",
    "\t",
    "--- !!binary x",
    "*alias",
    "{",
    "]",
    '"',
    "resources: [.]",
    "resources: [..]",
    "components: [.]",
    "namePrefix: {}",
    "namespace: [x]",
    "metadata: text",
    "items: 5",
    "kind: List",
    "$patch: delete",
    "name: 2020-01-01",
    "name: ~",
    "spec: null",
    "name: '(a*)*b['",
    "labelSelector: 'in (('",
    "x: \u2028\ufeff",
    "- op: move",
    "index: -99999999999999999999",
    "count: 1e400",
)


@st.composite
def damaged(draw: st.DrawFn) -> Repo:
    """A written case with some lines removed, repeated, moved, indented or replaced by junk."""
    repo = draw(st.sampled_from(REPOS))
    files = dict(repo.files)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(sorted(files)))
        lines = files[path].split("\n")
        files[path] = "\n".join(_damaged(draw, lines))
    return Repo(files, repo.build)


def _damaged(draw: st.DrawFn, lines: list[str]) -> list[str]:
    position = draw(st.integers(0, len(lines) - 1))
    other = draw(st.integers(0, len(lines) - 1))
    match draw(st.integers(0, 5)):
        case 0:
            return lines[:position] + lines[position + 1 :]
        case 1:
            return [*lines[:position], lines[other], *lines[position:]]
        case 2:
            return [*lines[:position], "  " + lines[position], *lines[position + 1 :]]
        case 3:
            indent = lines[position][: len(lines[position]) - len(lines[position].lstrip())]
            return [*lines[:position], indent + draw(st.sampled_from(JUNK)), *lines[position:]]
        case 4:
            words = draw(st.permutations(lines[position].split(" ")))
            return [*lines[:position], " ".join(words), *lines[position + 1 :]]
        case _:
            junk = draw(st.text(max_size=8))
            return [*lines[:position], lines[position] + junk, *lines[position + 1 :]]


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(damaged())
def test_a_damaged_repository_gives_a_result(repo: Repo) -> None:
    result = kustomize.build(repo.tree, repo.build)
    assert kustomize.build(repo.tree, repo.build) == result


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_give_a_result(kustomization: bytes, resource: bytes) -> None:
    files = {"kustomization.yaml": kustomization, "a.yaml": resource}
    kustomize.build(MemoryTree(files), "")
    files = {"kustomization.yaml": b"resources: [a.yaml]\npatches: [{path: b.yaml}]"}
    kustomize.build(MemoryTree({**files, "a.yaml": resource, "b.yaml": kustomization}), "")


def test_diamonds_upon_diamonds_come_to_an_end() -> None:
    """Each layer doubles the number of ways down to the same file."""
    files = {"layer-0/kustomization.yaml": "resources: [a.yaml]", "layer-0/a.yaml": "kind: A"}
    for layer in range(1, 40):
        below = f"layer-{layer - 1}"
        for side in ("left", "right"):
            path = f"{side}-{layer}/kustomization.yaml"
            files[path] = f"resources: [../{below}]\nnamePrefix: {side}-"
        both = f"resources: [../left-{layer}, ../right-{layer}]"
        files[f"layer-{layer}/kustomization.yaml"] = both
    result = kustomize.build(MemoryTree(files), "layer-39")
    assert "kustomize/too-large" in {finding.rule for finding in result.findings}


def test_bases_far_below_each_other_come_to_an_end() -> None:
    files = {
        f"layer-{layer}/kustomization.yaml": f"resources: [../layer-{layer + 1}]"
        for layer in range(500)
    }
    result = kustomize.build(MemoryTree(files), "layer-0")
    assert [finding.rule for finding in result.findings] == ["kustomize/too-large"]
