"""`python -m bench.mutation [TEXT]`: which mistakes `gitops check` sees, and in the right place.

Mistakes that are far from each other are tried together first, and what is not located then, alone.
Charts come from the store of whoever runs this; a release whose chart is absent is known from its
lock only, and mistakes in its values are then harder to see. The exit code is 1 below the goal.
"""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.mutation import checking, mutations
from bench.mutation.checking import Outcome
from bench.mutation.mutations import Mutation
from gitops.sources import cachedir

GOAL = 0.95


def main(given: Sequence[str]) -> int:
    """Try them all, or those whose name or kind holds a text, and print what came of it."""
    wanted = [each for each in mutations.load() if _wanted(each, given)]
    store = Path(cachedir.folder(os.environ))
    with tempfile.TemporaryDirectory(prefix="gitops-mutation-") as folder:
        outcomes = [*_tried(Path(folder), wanted, store, loud=bool(given))]
    return _summary(outcomes)


def _tried(
    folder: Path, wanted: Sequence[Mutation], store: Path, *, loud: bool
) -> Iterator[Outcome]:
    with checking.cache(folder / "cache", store):
        copy = checking.Copy(folder / "repository")
        for group in mutations.apart(wanted):
            for outcome in _together(copy, group):
                _tell(outcome, loud=loud)
                yield outcome


def _together(copy: checking.Copy, group: Sequence[Mutation]) -> Iterator[Outcome]:
    for outcome in copy.together(group):
        alone = len(group) == 1 or outcome.located
        yield outcome if alone else copy.outcome(outcome.mutation)


def _wanted(mutation: Mutation, texts: Sequence[str]) -> bool:
    said = f"{mutation.kind} {mutation.name} {mutation.file}"
    return not texts or any(text in said for text in texts)


def _tell(outcome: Outcome, *, loud: bool) -> None:
    if outcome.located and not loud:
        return
    fate = "seen" if outcome.located else "seen elsewhere" if outcome.caught else "not seen"
    print(f"{fate}: {outcome.mutation.name} ({outcome.mutation.file})", flush=True)
    for found in outcome.found[:4]:
        print(f"    {found.at.path}:{found.at.line} {found.rule}: {found.message[:200]}")


def _summary(outcomes: Sequence[Outcome]) -> int:
    kinds = Counter(each.mutation.kind for each in outcomes)
    caught = Counter(each.mutation.kind for each in outcomes if each.caught)
    located = Counter(each.mutation.kind for each in outcomes if each.located)
    print(f"\n{'':<34}{'broken':>8}{'seen':>8}{'located':>9}")
    for kind, count in sorted(kinds.items()):
        print(f"{kind:<34}{count:>8}{caught[kind]:>8}{located[kind]:>9}")
    total = len(outcomes)
    seen, found = caught.total(), located.total()
    print(f"{'all':<34}{total:>8}{seen:>8}{found:>9}")
    print(f"{'share':<34}{'':>8}{seen / total:>8.1%}{found / total:>9.1%}")
    return int(seen < GOAL * total)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
