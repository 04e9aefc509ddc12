import pytest

from gitops.check import selectors

POD = {"app": "web", "tier": "front"}


@pytest.mark.parametrize(
    ("selector", "matched"),
    [
        ({}, True),
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "web", "tier": "back"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "api"]}]}, True),
        ({"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a"]}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "zone", "operator": "NotIn", "values": ["a"]}]}, True),
        ({"matchExpressions": [{"key": "zone", "operator": "Exists"}]}, False),
        ({"matchExpressions": [{"key": "zone", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "in", "values": ["web"]}]}, False),
    ],
)
def test_a_selector_matches_as_the_api_server_reads_it(
    selector: dict[str, object], matched: bool
) -> None:
    assert selectors.matches(selector, POD) is matched


def test_a_selector_is_shown_as_kubectl_takes_it() -> None:
    selector = {
        "matchLabels": {"app": "web"},
        "matchExpressions": [
            {"key": "tier", "operator": "NotIn", "values": ["back", "side"]},
            {"key": "zone", "operator": "DoesNotExist"},
        ],
    }
    assert selectors.shown(selector) == "app=web,tier notin (back,side),!zone"
    assert selectors.shown({}) == "everything"
    assert selectors.keys(selector) == {"app", "tier", "zone"}
