"""Which variables a Kustomization has."""

from collections.abc import Mapping

from gitops.build.flux import variables
from gitops.build.flux.variables import INLINE, Known, Unknown, Value, Variable, Variables
from gitops.model import finding
from tests.unit.build.flux.declared import AT, kustomization

Objects = Mapping[str, Mapping[str, Value]]


class Cluster:
    """ConfigMaps and Secrets by `Kind/namespace/name`."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def find(self, kind: str, namespace: str, name: str) -> Mapping[str, Value] | None:
        return self._objects.get(f"{kind}/{namespace}/{name}")

    def is_agreed(self, kind: str, namespace: str, name: str) -> bool:
        return (kind, namespace, name) == ("ConfigMap", "flux-system", "agreed")


CLUSTER = Cluster(
    {
        "ConfigMap/flux-system/settings": {"A": Known("1"), "B": Known("two\nlines\n")},
        "Secret/flux-system/secrets": {"B": Unknown("secretplaceholder-b", "made elsewhere")},
        "ConfigMap/other/settings": {"A": Known("other")},
        "ConfigMap/flux-system/odd": {"a-b": Known("1"), "9": Known("2"), "_9": Known("3")},
    }
)


def reference(kind: str, name: str, **more: bool) -> dict[str, object]:
    return {"kind": kind, "name": name, **more}


def test_later_sources_win_and_inline_values_win_over_all() -> None:
    wanted = kustomization(
        {
            "postBuild": {
                "substituteFrom": [
                    reference("ConfigMap", "settings"),
                    reference("Secret", "secrets"),
                ],
                "substitute": {"A": "inline", "C": "3"},
            }
        }
    )
    unknown = Unknown("secretplaceholder-b", "made elsewhere")
    collected, findings = variables.collect(wanted, CLUSTER)
    assert collected == Variables(
        {
            "A": Variable(Known("inline"), INLINE),
            "B": Variable(unknown, "Secret/secrets"),
            "C": Variable(Known("3"), INLINE),
        }
    )
    assert collected.texts == {"A": "inline", "B": "secretplaceholder-b", "C": "3"}
    assert collected.unknown == {"B": unknown}
    assert findings == ()


def test_newlines_are_deleted_from_every_value() -> None:
    spec = {
        "postBuild": {
            "substituteFrom": [reference("ConfigMap", "settings")],
            "substitute": {"C": "a\nb"},
        }
    }
    assert variables.collect(kustomization(spec), CLUSTER)[0].texts == {
        "A": "1",
        "B": "twolines",
        "C": "ab",
    }


def test_without_post_build_there_are_no_variables() -> None:
    assert variables.collect(kustomization(), CLUSTER) == (Variables({}), ())


def test_a_source_that_is_missing_is_an_error_unless_it_is_optional() -> None:
    absent = [reference("ConfigMap", "absent"), reference("Secret", "absent", optional=True)]
    wanted = kustomization({"postBuild": {"substituteFrom": absent}})
    collected, findings = variables.collect(wanted, CLUSTER)
    assert [each.name for each in collected.missing] == ["absent"]
    assert findings == (
        finding.error(
            "flux/missing-variables",
            AT,
            "variables are taken from ConfigMap/absent, which nothing "
            "here creates in namespace 'flux-system'",
            "create it, correct the name, or set optional: true; one that is made by hand belongs "
            "under `outside` in gitops.toml",
        ),
    )


def test_a_config_map_that_several_take_variables_from_may_be_made_by_hand() -> None:
    wanted = kustomization({"postBuild": {"substituteFrom": [reference("ConfigMap", "agreed")]}})
    _, findings = variables.collect(wanted, CLUSTER)
    assert [(str(found.severity), found.rule) for found in findings] == [
        ("warning", "flux/missing-variables")
    ]


def test_a_name_that_is_no_variable_name_is_an_error() -> None:
    wanted = kustomization(
        {"postBuild": {"substituteFrom": [reference("ConfigMap", "odd")], "substitute": {"é": "x"}}}
    )
    _, findings = variables.collect(wanted, CLUSTER)
    assert [(found.rule, found.message) for found in findings] == [
        (
            "flux/variable-name",
            f"Kustomization/flux-system/apps takes {name!r} from {source}, "
            "which is no variable name",
        )
        for name, source in (("9", "ConfigMap/odd"), ("a-b", "ConfigMap/odd"), ("é", INLINE))
    ]
