"""From the text of templates to objects in Helm's order."""

import msgspec
import pytest

from gitops.model.render import RenderedObject, RenderProblem
from gitops.sources.helm import order, output


def read(*texts: tuple[str, str], hooks: bool = True) -> list[tuple[str, int, int, str]]:
    """Name, document, line and hook of each object."""
    return [
        (msgspec.json.decode(each.raw)["metadata"]["name"], each.document, each.line, each.hook)
        for each in output.objects(texts, hooks=hooks)
    ]


def named(kind: str, name: str, hook: str = "") -> str:
    annotations = f"\n  annotations: {{helm.sh/hook: {hook}}}" if hook else ""
    return f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}{annotations}\n"


def test_objects_come_by_kind_then_by_template_and_hooks_last() -> None:
    texts = [
        ("web/templates/b.yaml", named("Service", "b") + "---\n" + named("Zoo", "z")),
        ("web/templates/a.yaml", named("Pod", "hook", "pre-install") + "---\n" + named("Ape", "y")),
        ("web/templates/a/c.yaml", named("Service", "c")),
        ("web/charts/sub/templates/d.yaml", named("Secret", "d")),
    ]
    assert read(*texts) == [
        ("d", 0, 1, ""),
        ("c", 0, 1, ""),
        ("b", 0, 1, ""),
        ("y", 1, 7, ""),
        ("z", 1, 6, ""),
        ("hook", 0, 1, "pre-install"),
    ]
    assert ("hook", 0, 1, "pre-install") not in read(*texts, hooks=False)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("\n\n" + named("Pod", "a"), [("a", 0, 3, "")]),
        ("---\n" + named("Pod", "a"), [("a", 0, 2, "")]),
        ("---" + named("Pod", "a"), [("a", 0, 1, "")]),
        (
            named("Pod", "a") + "\n\n--- \t\n\n" + named("Pod", "b"),
            [("a", 0, 1, ""), ("b", 1, 9, "")],
        ),
        ("# note\n---\n---\n" + named("Pod", "a"), [("a", 0, 4, "")]),
        (" \n\t\n", []),
        ("# only a comment\n", []),
        ("null\n", []),
    ],
)
def test_documents_are_split_as_helm_splits_them(
    text: str, places: list[tuple[str, int, int, str]]
) -> None:
    assert read(("web/templates/a.yaml", text)) == places


def test_a_block_at_the_end_of_a_document_loses_its_line_end_as_in_helm() -> None:
    block = named("Secret", "a") + "text: |\n  line\n"
    text = block + "---\n" + block
    values = [
        msgspec.json.decode(each.raw)["text"]
        for each in output.objects([("w/t", text)], hooks=True)
    ]
    assert values == ["line", "line\n"]


@pytest.mark.parametrize(
    "path", ["templates/NOTES.txt", "templates/_names.tpl", "templates/a/_b.yaml"]
)
def test_notes_and_partials_are_no_objects(path: str) -> None:
    assert read((f"web/{path}", "text: [")) == []


@pytest.mark.parametrize("hook", ["pre-install, Post-Upgrade", "test-success"])
def test_hooks_keep_the_text_of_their_annotation(hook: str) -> None:
    assert read(("web/templates/a.yaml", named("Pod", "a", f'"{hook}"'))) == [("a", 0, 1, hook)]


@pytest.mark.parametrize("hook", ["no-such-event", '"pre-install,nonsense"', '""', "crd-install"])
def test_objects_with_a_hook_that_helm_does_not_know_vanish(hook: str) -> None:
    assert read(("web/templates/a.yaml", named("Pod", "a", hook))) == []


def test_scalars_are_read_as_kustomize_reads_them() -> None:
    text = named("Pod", "a") + "flag: yes\nmode: 0755\nday: 2020-01-01\n"
    (found,) = output.objects([("web/templates/a.yaml", text)], hooks=True)
    body = msgspec.json.decode(found.raw)
    assert (body["flag"], body["mode"], body["day"]) == ("yes", 493, "2020-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("- a\n", "what the template gives is no Kubernetes object", 1),
        ("---\njust text\n", "what the template gives is no Kubernetes object", 2),
    ],
)
def test_text_that_is_no_object_is_a_problem_with_a_place(
    text: str, message: str, line: int
) -> None:
    with pytest.raises(output.Unreadable) as unreadable:
        read(("web/templates/a.yaml", text))
    assert unreadable.value.problem == RenderProblem(message, "templates/a.yaml", line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (named("Pod", "a") + "---\na: [\n", 6),
        (named("Pod", "a") + "a: 1\na: 2\n", 6),
    ],
)
def test_text_that_is_no_yaml_is_a_problem_with_a_place(text: str, line: int) -> None:
    with pytest.raises(output.Unreadable) as unreadable:
        read(("web/templates/a.yaml", text))
    assert unreadable.value.problem.template == "templates/a.yaml"
    assert unreadable.value.problem.line >= line


def test_definitions_come_by_file_and_document_read_as_helm_reads_them() -> None:
    files = [
        ("web/crds/b.yaml", "a: yes\n---\nb: 1\n"),
        ("web/charts/sub/crds/a.yaml", "c: 0755\n"),
    ]
    assert output.crds(files) == (
        RenderedObject(b'{"c":493}', "charts/sub/crds/a.yaml", 0, 1, crd=True),
        RenderedObject(b'{"a":true}', "crds/b.yaml", 0, 1, crd=True),
        RenderedObject(b'{"b":1}', "crds/b.yaml", 1, 3, crd=True),
    )


def test_kinds_that_helm_does_not_know_come_last_by_name() -> None:
    kinds = ["Zoo", "Deployment", "Ape", "Namespace", "PriorityClass", "Ingress"]
    assert sorted(kinds, key=order.rank) == [
        "PriorityClass",
        "Namespace",
        "Deployment",
        "Ingress",
        "Ape",
        "Zoo",
    ]
