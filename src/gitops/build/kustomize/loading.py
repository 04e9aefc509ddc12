"""What entries of `resources` and `components` lead to."""

import msgspec

from gitops.build.kustomize import kustomization, objects, remote
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.kustomization import Kustomization
from gitops.build.kustomize.place import Place
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.state import MAX_FOLDERS
from gitops.sources.tree import Kind

MAX_DEPTH = 80
"""Bases below each other: nobody has so many, and Python's stack ends somewhere."""

Chain = tuple[tuple[str, str], ...]
"""Prefixes and folders of the kustomizations around one, outermost first."""


class Reference(msgspec.Struct, frozen=True):
    """A file or a folder, and the tree it is in."""

    place: Place
    path: str
    kind: Kind
    reference: str


def refer(asked: Directive, reference: str) -> Reference | None:
    """What a reference leads to; None after a finding."""
    place = asked.place
    if not reference:
        problem = Problem("the reference is empty", "name a file or a folder, or remove it")
        asked.problem("kustomize/missing-file", problem)
        return None
    path = place.resolve(reference)
    kind = path if isinstance(path, Problem) else place.kind(path)
    if remote.is_remote(reference) and kind is not Kind.FILE:
        return _held(asked, reference)
    if isinstance(path, Problem):
        asked.problem("kustomize/escape", path)
    elif isinstance(kind, Problem):
        asked.problem("kustomize/unreadable", kind)
    elif kind is None:
        hint = "correct the path; it is relative to the folder of the file that names it"
        problem = Problem(f"{reference!r} leads to {path!r}, which does not exist", hint)
        asked.problem("kustomize/missing-file", problem)
    else:
        return Reference(place, path, kind, reference)
    return None


def read(asked: Directive, reference: Reference) -> list[objects.Read]:
    """The objects of a file."""
    text = reference.place.read(reference.path)
    if isinstance(text, Problem):
        asked.problem("kustomize/unreadable", text)
        return []
    return objects.read(asked.state, text, reference.place.named(reference.path).path)


def enter(asked: Directive, chain: Chain, reference: Reference) -> Kustomization | None:
    """The kustomization in a folder; None after a finding."""
    if reference.kind is not Kind.FOLDER:
        hint = "name the folder that holds its kustomization.yaml, or list the file under resources"
        problem = Problem(f"{reference.reference} is a file, and a folder is needed", hint)
        asked.problem("kustomize/no-kustomization", problem)
        return None
    place, path = reference.place, reference.path
    around = [folder for prefix, folder in chain if prefix == place.prefix]
    if any(_is_inside(folder, path) for folder in around):
        way = " -> ".join(folder or "." for folder in (*around, path))
        hint = "a base cannot use what contains it; move what both need beside them"
        asked.problem("kustomize/cycle", Problem(f"the bases go in a circle: {way}", hint))
        return None
    state = asked.state
    state.folders += 1
    if state.folders > MAX_FOLDERS or len(chain) > MAX_DEPTH:
        if state.folders <= MAX_FOLDERS + 1:
            hint = "let fewer bases refer to others, or divide them among Kustomizations of Flux"
            message = f"more than {MAX_FOLDERS} bases, or {MAX_DEPTH} below each other"
            problem = Problem(message, hint)
            asked.problem("kustomize/too-large", problem)
        return None
    return kustomization.find(state, place.inside(path), lambda: asked.at)


def _is_inside(folder: str, outer: str) -> bool:
    return not outer or folder == outer or folder.startswith(f"{outer}/")


def _held(asked: Directive, reference: str) -> Reference | None:
    held = asked.state.remote.find(reference) if asked.state.remote else None
    if held is None:
        hint = "give a copy with --source URL=DIR or in gitops.toml, or keep one in the repository"
        problem = Problem(f"{reference} is elsewhere, and nothing is fetched while building", hint)
        asked.problem("kustomize/remote-base", problem)
        return None
    tree, path = held
    address, _, query = reference.partition("?")
    place = Place(tree, "", f"{address}{query and '@' + query}//")
    asked.state.trees = {place.prefix: tree, **asked.state.trees}
    kind = place.kind(path)
    if not isinstance(kind, Kind):
        hint = "correct the path in the address, or give a copy that has it"
        problem = kind or Problem(f"{reference} is held here without {path!r}", hint)
        asked.problem("kustomize/remote-base", problem)
        return None
    return Reference(place, path, kind, reference)
