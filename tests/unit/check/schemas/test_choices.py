"""Fields of which a controller wants one, and Secrets that hold stand-ins."""

import base64

import pytest

from gitops.check.index import Index
from gitops.check.schemas import choices
from gitops.check.schemas.strategy import data
from gitops.model.secret import placeholder
from tests.unit.check import clusters

TEXT = """\
---
apiVersion: volsync.backube/v1alpha1
kind: ReplicationDestination
metadata: {name: a, namespace: default}
spec: {trigger: {manual: once}, METHOD: {repository: a}}
"""


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("restic", []),
        ("kopia", []),
        ("resticc", ["schema/choice"]),
        ("restic: {}, rclone", ["schema/choice"]),
        ("trigger", ["schema/choice"]),
    ],
)
def test_a_build_of_others_may_know_more_methods(method: str, expected: list[str]) -> None:
    text = TEXT.replace("trigger: {manual: once}, ", "") if method == "trigger" else TEXT
    whole = clusters.cluster(clusters.kustomization("a", text.replace("METHOD", method)))
    assert [found.rule for found in choices.open_or_double(Index(whole))] == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [(placeholder("Secret", "a"), 0), ('{"auths": {}}', 0), ("plain", 1)],
)
@pytest.mark.parametrize("field", ["data", "stringData"])
def test_a_stand_in_may_be_what_a_secret_needs(field: str, content: str, expected: int) -> None:
    value = base64.b64encode(content.encode()).decode() if field == "data" else content
    body = {"type": "kubernetes.io/dockerconfigjson", field: {".dockerconfigjson": value}}
    assert len(list(data.secret(body, ()))) == expected
