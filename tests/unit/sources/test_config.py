"""Where `gitops.toml` is wrong."""

import pytest

from gitops.sources import config
from gitops.sources.tree import MemoryTree

_ENTRY = '[[ignore]]\nrule = "image/latest"\nreason = "none"\n\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('kube-version = "1.33.5"\nregistries = [\n', 2),
        ('kube-version = = "1"\nregistries = []\n', 1),
        (f'{_ENTRY}[[ignore]]\nrule = "yaml/syntax"\n', 5),
        (f"{_ENTRY}# near\n[[ignore]]\nrule = 5\nreason = 'x'\n", 6),
        ('kube-version = "1.33.5"\noutside = ["Secret/a/b", 5]\n', 2),
        ('kube-version = "1.33.5"\nsorces = "x"\n', 2),
        ('registries = []\nkube-version = "new"\n', 2),
    ],
)
def test_a_mistake_has_the_line_that_it_is_in(text: str, line: int) -> None:
    _, (found,) = config.load(MemoryTree({config.PATH: text}))
    assert (found.rule, found.at.path, found.at.line) == ("config/invalid", "gitops.toml", line)


def test_bytes_that_are_no_text_are_in_no_line() -> None:
    class Tree(MemoryTree):
        def read(self, path: str) -> bytes:
            return b'registries = "\xff"\n'

    _, (found,) = config.load(Tree({config.PATH: ""}))
    assert (found.rule, found.at.line) == ("config/invalid", 0)
