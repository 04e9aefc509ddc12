"""The line of a field, found from what is known of an object."""

from gitops.build import written
from gitops.model.origin import Location, Origin, Step
from gitops.sources.tree import MemoryTree

FILES = {
    "app.yaml": """\
kind: ConfigMap
---
kind: ConfigMap
metadata:
  labels:
    team: 1
data:
  rules: x
""",
    "list.yaml": """\
kind: List
items:
  - kind: ConfigMap
    metadata: {labels: {team: 0}}
  - kind: ConfigMap
    metadata: {labels: {team: 1}}
""",
    "kustomization.yaml": """\
resources: [app.yaml]
commonLabels:
  team: a
patches:
  - patch: |
      kind: ConfigMap
      metadata: {name: a}
  - patch: |
      kind: ConfigMap
      metadata: {labels: {team: 2}}
configMapGenerator:
  - name: a
    files: [other-rules.txt, rules]
""",
    "patch.yaml": "kind: ConfigMap\nmetadata:\n  labels:\n    team: 3\n",
}
TEAM = ("metadata", "labels", "team")
APP = Location("app.yaml", 1, 3)


def line(pointer: tuple[str, ...], source: Location, *steps: Step) -> str:
    return str(written.place(pointer, Origin(source, steps), MemoryTree(FILES).read))


def patch(number: int) -> Step:
    return Step("patch", Location("kustomization.yaml"), f"patches[{number}]")


def test_a_field_stands_in_its_document() -> None:
    assert line(TEAM, APP) == "app.yaml:6"
    assert line(("data", "rules"), APP) == "app.yaml:8"


def test_a_patch_that_names_the_field_decides_it_and_others_do_not() -> None:
    assert line(TEAM, APP, patch(1)) == "kustomization.yaml:10"
    assert line(TEAM, APP, patch(0)) == "app.yaml:6"
    assert line(("data", "rules"), APP, patch(1)) == "app.yaml:8"


def test_a_patch_in_a_file_of_its_own_is_looked_into() -> None:
    file = Step("patch", Location("patch.yaml", 0, 1), "patches[0]")
    assert line(TEAM, APP, patch(1), file) == "patch.yaml:4"


def test_what_a_generator_makes_is_named_where_its_file_is() -> None:
    made = Location("kustomization.yaml", 0, 12)
    assert line(("data", "rules"), made) == "kustomization.yaml:13"


def test_in_a_list_the_field_is_looked_for_from_the_object_on() -> None:
    assert line(TEAM, Location("list.yaml", 0, 5)) == "list.yaml:6"


def test_without_a_field_or_a_file_it_is_where_the_object_starts() -> None:
    assert line(("data", "none"), APP) == "app.yaml:3"
    assert line(TEAM, Location("gone.yaml", 0, 7)) == "gone.yaml:7"
