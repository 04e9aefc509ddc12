"""Substitution in the objects of a Kustomization: who is kept out, and what is reported."""

from collections.abc import Mapping
from typing import Any

from gitops.build.substitute import manifests
from gitops.build.substitute.envsubst import ESCAPE
from gitops.build.substitute.manifests import Pass, Substituted
from gitops.errors import MissingPath
from gitops.model import finding, manifest
from gitops.model.manifest import Manifest
from gitops.model.origin import Location, Origin, Step

AT = Location("cluster/apps.yaml", 0, 1)
FILES = {"app.yaml": b"kind: A\n---\nkind: B\nspec:\n  host: ${HOST}\n---\nx: ${LATER}\n"}
SOURCE = Location("app.yaml", 1, 3)


def read(path: str) -> bytes:
    if path not in FILES:
        raise MissingPath(path, path)
    return FILES[path]


def thing(spec: Any, name: str = "a", **metadata: Any) -> Manifest:
    body = {"apiVersion": "v1", "kind": "B", "metadata": {"name": name, **metadata}, "spec": spec}
    return manifest.manifest(body, Origin(SOURCE))


def run(*objects: Manifest, variables: Mapping[str, str], **options: Any) -> Substituted:
    how = Pass(variables, **{"strict": True, **options})
    return manifests.substitute(objects, how, AT, read)


def test_variables_are_put_in_and_the_step_is_remembered() -> None:
    result = run(thing({"host": "${HOST}"}), variables={"HOST": "example.com", "X": "1"})
    (changed,) = result.manifests
    assert changed.body()["spec"] == {"host": "example.com"}
    assert changed.origin == Origin(SOURCE, (Step("substitute", AT, "HOST"),))
    assert (result.used, result.findings) == (frozenset({"HOST"}), ())


def test_an_object_without_expressions_is_left_as_it_is() -> None:
    plain = thing({"host": "$HOST", "yes": "yes"})
    assert run(plain, variables={"HOST": "x"}).manifests[0] is plain


def test_without_a_variable_there_is_no_pass() -> None:
    written = thing({"a": "${X:=1}", "b": "$${Y}"})
    assert run(written, variables={}) == Substituted((written,), frozenset(), ())


def test_always_makes_a_pass_without_variables() -> None:
    (changed,) = run(thing({"a": "${X:=1}", "b": "$${Y}"}), variables={}, always=True).manifests
    assert changed.body()["spec"] == {"a": 1, "b": "${Y}"}


def test_the_switch_keeps_an_object_out_as_label_or_annotation() -> None:
    off = {manifests.SWITCH: "disabled"}
    kept = (thing("${a.b}", labels=off), thing("${a.b}", name="b", annotations=off))
    assert run(*kept, variables={"X": "1"}).manifests == kept


def test_the_switch_knows_no_other_value() -> None:
    on = thing("${X}", labels={manifests.SWITCH: "Disabled"})
    assert run(on, variables={"X": "x"}).manifests[0].body()["spec"] == "x"


def test_an_undefined_variable_is_reported_at_the_line_of_its_use() -> None:
    result = run(thing({"host": "${HOST}"}), variables={"X": "1"})
    assert result.findings == (
        finding.error(
            "flux/undefined-variable",
            Location("app.yaml", 1, 5),
            "B/a uses ${HOST}, and HOST has no value",
            f"define HOST, give a default with ${{HOST:=value}}, or {ESCAPE}",
            AT,
        ),
    )


def test_before_strict_mode_an_undefined_variable_is_empty_and_a_warning() -> None:
    result = run(thing({"host": "${HOST}"}), variables={"X": "1"}, strict=False)
    assert result.manifests[0].body()["spec"] == {"host": None}
    assert [(found.severity, found.message) for found in result.findings] == [
        ("warning", "B/a uses ${HOST}, and HOST has no value: Flux puts nothing in its place")
    ]


def test_a_line_of_another_document_is_not_taken_for_the_use() -> None:
    (found,) = run(thing("${LATER}"), variables={"X": "1"}).findings
    assert found.at == SOURCE


def test_a_file_that_cannot_be_read_gives_the_object_as_the_place() -> None:
    away = manifest.manifest(thing("${HOST}").body(), Origin(Location("away.yaml", 0, 7)))
    (found,) = run(away, variables={"X": "1"}).findings
    assert found.at == Location("away.yaml", 0, 7)


def test_what_flux_cannot_read_is_reported_in_any_mode() -> None:
    for strict in (True, False):
        (found,) = run(thing("a ${x[@]} b"), variables={"X": "1"}, strict=strict).findings
        assert (found.rule, found.severity, found.hint) == ("flux/bad-expression", "error", ESCAPE)
        assert found.message == "B/a: ${x[@]} cannot be read: this is no operator that Flux knows"


def test_a_value_that_breaks_the_yaml_is_reported() -> None:
    (found,) = run(thing("${X}"), variables={"X": "a: b"}).findings
    assert found.rule == "flux/substitution-breaks-yaml"
    assert found.message.startswith("B/a is no YAML any more once its variables are put in: ")


def test_two_objects_that_come_to_the_same_name_are_reported() -> None:
    result = run(thing(1, "x-${A}"), thing(2, "x-${B}"), variables={"A": "1", "B": "1"})
    assert [(found.rule, found.message) for found in result.findings] == [
        (
            "flux/same-after-substitution",
            "B/x-1 has the same name as another object once variables are put in",
        )
    ]


def test_a_text_that_starts_with_a_tab_fails_flux() -> None:
    (found,) = run(thing({"script": "\techo\n"}), variables={"A": "1"}).findings
    assert found.rule == "flux/leading-tab"
    assert run(thing({"script": "\techo\n"}), variables={}).findings == ()


def test_numbers_beyond_64_bit_floats_lose_digits_in_every_object() -> None:
    (changed,) = run(thing([9007199254740993, 1.5]), variables={"A": "1"}).manifests
    assert changed.body()["spec"] == [9007199254740992, 1.5]
    assert changed.origin == Origin(SOURCE)


def test_what_holds_a_placeholder_is_incomplete() -> None:
    result = run(
        thing("${TOKEN}", "a"),
        thing("${HOST}", "b"),
        variables={"TOKEN": "secretplaceholder-1", "HOST": "h"},
        placeholders=frozenset({"TOKEN"}),
    )
    assert [each.incomplete for each in result.manifests] == ["placeholder", ""]


def test_a_stand_in_takes_the_place_of_what_nobody_here_defines() -> None:
    result = run(
        thing("${NEW}-${HOST}"), variables={"HOST": "h"}, stand_in=lambda name: f"<{name}>"
    )
    (changed,) = result.manifests
    assert (changed.body()["spec"], changed.incomplete) == ("<NEW>-h", "placeholder")
    assert result.findings == ()


def test_decrypted_values_stay_marked() -> None:
    secret = manifest.manifest(thing("${A}").body(), Origin(SOURCE), revealed=True)
    assert run(secret, variables={"A": "1"}).manifests[0].revealed
