"""What is installed before Flux, where a repository says so."""

from gitops.estate import helmfiles
from gitops.sources.tree import MemoryTree

TEMPLATED = b"environments:\n  default: {}\n---\nreleases: []\n"


def test_a_folder_without_environments_beside_it_is_laid_out_in_another_way() -> None:
    assert helmfiles.load(MemoryTree({helmfiles.CRDS: TEMPLATED})) == (None, ())


def test_a_file_of_two_documents_is_told_of_where_environments_are() -> None:
    files = {helmfiles.CRDS: TEMPLATED, helmfiles.ENVIRONMENTS: b"environments: {}\n"}
    loaded, mistakes = helmfiles.load(MemoryTree(files))
    assert loaded is None
    assert [(each.rule, each.at.path) for each in mistakes] == [
        ("estate/unreadable", helmfiles.CRDS)
    ]
