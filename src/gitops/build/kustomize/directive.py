"""A field of a kustomization that asks for something to be done."""

from collections.abc import Iterable

import msgspec

from gitops.build.kustomize.kustomization import Kustomization
from gitops.build.kustomize.place import Place
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Key, Resource
from gitops.build.kustomize.state import State
from gitops.model.finding import Finding
from gitops.model.origin import Location, Step


class Directive(msgspec.Struct, frozen=True):
    """Who asks, in which field, and how what is done is called in origins.

    `given` is the place where it is not a field of the kustomization itself, such as the file that
    configures a plugin.
    """

    state: State
    kustomization: Kustomization
    pointer: tuple[str | int, ...]
    action: str = "transformer"
    given: Location | None = None

    @property
    def place(self) -> Place:
        """Where its references lead from."""
        return self.kustomization.place

    @property
    def at(self) -> Location:
        """The line that asks."""
        return self.given or self.kustomization.at(*self.pointer)

    @property
    def file(self) -> Location:
        """The file that asks."""
        return self.given or self.kustomization.file_of(*self.pointer)

    @property
    def name(self) -> str:
        """The field: `patches[2]`."""
        return "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" if number else part
            for number, part in enumerate(self.pointer)
        )

    @property
    def step(self) -> Step:
        """What happened to a resource that it changed."""
        return Step(self.action, self.file, self.name)

    def below(self, *pointer: str | int) -> Location:
        """A field inside the directive."""
        return self.given or self.kustomization.at(*self.pointer, *pointer)

    def problem(self, rule: str, problem: Problem, *about: Resource) -> None:
        """Report what stands in the way of it."""
        names = ", ".join(map(str, about))
        message = f"{self.name}: {names}: " if names else f"{self.name}: "
        sources = (resource.source for resource in about)
        self.state.error(rule, self.at, message + problem.message, problem.hint, *sources)

    def report(self, findings: Iterable[Finding]) -> None:
        """Report findings; those that name only the file get the line that asks."""
        for found in findings:
            if found.at.line or found.at.path != self.file.path:
                self.state.report(found)
            else:
                self.state.report(msgspec.structs.replace(found, at=self.at))

    def refuse_collisions(self, resources: Iterable[Resource]) -> None:
        """Report resources that came to have one id."""
        seen: dict[Key, Resource] = {}
        for resource in resources:
            other = seen.setdefault(resource.key, resource)
            if other is not resource:
                self.state.error(
                    "kustomize/duplicate-id",
                    self.at,
                    f"{self.name}: two resources become {resource}",
                    "rename one of them",
                    other.source,
                    resource.source,
                )
