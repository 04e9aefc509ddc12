"""Name references: fields that name an object follow it to its new name.

An object that was renamed or moved keeps its former ids. A field that may hold the name of such an
object (`nameReference` of the configuration) and holds a former name gets the present one. When
several objects fit, those whose prefixes and suffixes fit the referrer's are preferred
(api/filters/nameref).
"""

from collections.abc import Callable, Iterable
from typing import Any

from gitops.build.kustomize.config import References
from gitops.build.kustomize.fieldspecs import Gvk, nameless, selects
from gitops.build.kustomize.keyed import is_null
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import (
    NO_NAMESPACE,
    Resource,
    describe,
    text,
    written,
)
from gitops.build.kustomize.state import State
from gitops.model.origin import Step


class _Branch:
    """Field specs of one type, put together by their paths so that each part is gone once."""

    __slots__ = ("below", "paths", "targets")

    def __init__(self) -> None:
        self.below: dict[str, _Branch] = {}
        self.targets: list[Gvk] = []
        self.paths: list[str] = []


def follow(state: State, resources: list[Resource], references: Iterable[References]) -> None:
    """Brings all references up to date."""
    index = _Index(resources)
    branches: dict[Gvk, _Branch] = {}
    for resource in resources:
        first = resource.first[:3]
        # A referrer is chosen by its first type and then read by its paths alone.
        if first not in branches:
            branches[first] = _branch(references, first)
        if branches[first].below:
            _Referrer(state, resource, index).visit(resource.body, branches[first])


def _branch(references: Iterable[References], gvk: Gvk) -> _Branch:
    root = _Branch()
    for reference in references:
        for spec in reference.referrers.matching(gvk):
            branch = root
            for part in spec.parts:
                branch = branch.below.setdefault(part, _Branch())
            branch.targets.append(reference.gvk)
            branch.paths.append(spec.path)
    return root


class _Index:
    """The resources by the names that they had."""

    def __init__(self, resources: list[Resource]) -> None:
        self.resources = resources
        self.by_former_name: dict[str, list[Resource]] = {}
        for resource in resources:
            for name in dict.fromkeys(name for _, _, name in resource.former):
                self.by_former_name.setdefault(name, []).append(resource)


class _Referrer:
    """One resource whose references are followed."""

    def __init__(self, state: State, resource: Resource, index: _Index) -> None:
        self.state = state
        self.resource = resource
        self.index = index
        self.namespace = resource.effective_namespace
        self.bound = self.namespaces_of_subjects()

    def namespaces_of_subjects(self) -> frozenset[str]:
        """The namespaces of the ServiceAccounts that a RoleBinding binds."""
        subjects = self.resource.body.get("subjects")
        if self.resource.gvk[2] != "RoleBinding" or type(subjects) is not list:
            return frozenset()
        accounts = [
            subject
            for subject in subjects
            if type(subject) is dict
            and subject.get("kind") == "ServiceAccount"
            and "namespace" in subject
        ]
        if any(type(account["namespace"]) is not str for account in accounts):
            self.state.error(
                "kustomize/name-reference",
                self.resource.source,
                f"{self.resource}: the namespace of a subject must be a string",
                "give it as one text, in quotes if it looks like a number",
            )
        return frozenset(text(account["namespace"]) for account in accounts)

    def visit(self, node: Any, branch: _Branch) -> None:
        """Goes down where the node has the fields of the branch."""
        if type(node) is list:
            for item in node:
                if not is_null(item):
                    self.visit(item, branch)
        elif type(node) is dict:
            for part, below in branch.below.items():
                self.step(node, part, below)
        else:
            hint = "correct the shape of the field; where it may stay so, correct the nameReference"
            self.refuse(Problem("a mapping or a list must stand on the way", hint), branch)

    def step(self, node: dict[str, Any], part: str, below: _Branch) -> None:
        name = part.removesuffix("[]")
        if not name:
            self.refuse(nameless(), below)
        elif name in node:
            if is_null(node[name]):
                if name != part:
                    node[name] = []
                return
            for target, path in zip(below.targets, below.paths, strict=True):
                problem = self.update(node, name, target, path)
                if problem:
                    self.refuse(problem, below)
            if below.below:
                self.visit(node[name], below)

    def refuse(self, problem: Problem, branch: _Branch) -> None:
        while not branch.paths and branch.below:
            branch = next(iter(branch.below.values()))
        self.state.error(
            "kustomize/name-reference",
            self.resource.source,
            f"{self.resource}: the reference {branch.paths[0]}: {problem.message}",
            problem.hint,
        )

    def update(self, holder: Any, key: Any, target: Gvk, path: str) -> Problem | None:
        """One field that may name an object of the target type, or hold several such names."""
        value = holder[key]
        if type(value) is dict:
            return self.update_mapping(value, target, path)
        if type(value) is not list:
            return self.update_scalar(holder, key, target, path)
        for position, item in enumerate(value):
            if type(item) is dict:
                problem = self.update_mapping(item, target, path)
            elif type(item) is list:
                problem = Problem("a list in a list names nothing", "take out the inner -")
            elif not is_null(item):
                problem = self.update_scalar(value, position, target, path)
            else:
                problem = None
            if problem:
                return problem
        return None

    def update_scalar(self, holder: Any, key: Any, target: Gvk, path: str) -> Problem | None:
        name = text(holder[key])
        fitting = self.index.by_former_name.get(name)
        if not fitting:
            return None
        chosen = self.choose(fitting, target, path, lambda one: (one.name,))
        if isinstance(chosen, Resource):
            if chosen.name != name:
                holder[key] = chosen.name
                self.record(chosen)
            return None
        return chosen

    def update_mapping(self, node: dict[str, Any], target: Gvk, path: str) -> Problem | None:
        """A mapping with a `name`, and perhaps a `namespace` that says which object is meant."""
        if "name" not in node:
            return Problem("the mapping has no name", "add the name of the object that is meant")
        name = text(node["name"])
        fitting = self.index.by_former_name.get(name)
        if not fitting:
            return None
        if "namespace" in node:
            fitting = self.within(fitting, text(node["namespace"]))
        chosen = self.choose(fitting, target, path, lambda one: (one.name, one.namespace))
        if not isinstance(chosen, Resource):
            return chosen
        before = dict(node)
        node["name"] = chosen.name
        if chosen.namespace:
            node["namespace"] = chosen.namespace
        if node != before:
            self.record(chosen)
        return None

    def within(self, fitting: list[Resource], namespace: str) -> list[Resource]:
        """Those that were there first, unless nothing at all was; then those that are there."""
        if namespace == NO_NAMESPACE:
            return []
        everything = self.index.resources
        if any(one.first[3] == namespace and self.reaches(one) for one in everything):
            return [one for one in fitting if one.first[3] == namespace]
        return [one for one in fitting if one.effective_namespace == namespace]

    def choose(
        self,
        fitting: list[Resource],
        target: Gvk,
        path: str,
        sense: Callable[[Resource], tuple[str, ...]],
    ) -> Resource | Problem | None:
        """The object that is meant; None when none of those fits."""
        found = [one for one in fitting if self.reaches(one) and self.is_meant(one, target, path)]
        if len(found) > 1:
            found = [one for one in found if _same_context(one, self.resource, lenient=True)]
        elif found:
            return found[0]
        if len(found) > 1:
            found = [one for one in found if _same_context(one, self.resource, lenient=False)]
        if not found:
            return None
        if len({sense(one) for one in found}) > 1:
            names = " and ".join(describe(one.key) for one in found)
            return Problem(
                f"{names} could all be meant by {path}",
                "give them names that differ before they are renamed",
            )
        return found[0]

    def reaches(self, one: Resource) -> bool:
        """Whether the referrer can refer to the object at all, being where both are."""
        return (
            self.namespace in (NO_NAMESPACE, one.effective_namespace)
            or one.effective_namespace == NO_NAMESPACE
            or one.namespace in self.bound
        )

    def is_meant(self, one: Resource, target: Gvk, path: str) -> bool:
        """Whether the object was of the target type, and of the type that a roleRef names."""
        types = [key[:3] for key in one.former_keys]
        if not any(selects(target, gvk) for gvk in types):
            return False
        role = self.resource.body.get("roleRef") if path.endswith("roleRef/name") else None
        if type(role) is dict and "apiGroup" in role and "kind" in role:
            wanted = (written(role["apiGroup"]), "", written(role["kind"]))
            if not any(selects(wanted, gvk) for gvk in types):
                return False
        return one.gvk[2] == "ServiceAccount" or (
            self.namespace in (NO_NAMESPACE, one.effective_namespace)
            or one.effective_namespace == NO_NAMESPACE
        )

    def record(self, chosen: Resource) -> None:
        detail = f"the name of {chosen}"
        self.resource.steps.append(Step("transformer", chosen.source, detail))


def _same_context(one: Resource, other: Resource, *, lenient: bool) -> bool:
    """Whether both got their last prefixes and suffixes together."""
    return all(
        (lenient and (not left or not right)) or _same_end(left, right)
        for left, right in ((one.prefixes, other.prefixes), (one.suffixes, other.suffixes))
    )


def _same_end(left: list[str], right: list[str]) -> bool:
    shorter = min(len(left), len(right))
    if not shorter:
        return len(left) == len(right)
    return left[-shorter:] == right[-shorter:]
