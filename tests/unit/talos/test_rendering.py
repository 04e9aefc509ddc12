"""From facts and a template to texts."""

from gitops.sources.tree import MemoryTree
from gitops.talos import rendering
from gitops.talos.rendering import TEMPLATE, Configuration
from tests import estates


def render(text: str, cluster: str = "", node: str = "") -> list[tuple[str, str]]:
    found = rendering.render(MemoryTree({TEMPLATE: text}), estates.loaded().estate, cluster, node)
    assert found.findings == ()
    return [(each.path, each.text) for each in found.configurations]


def test_every_node_is_rendered_with_its_own_facts() -> None:
    text = "{{ cluster.name }} {{ node.address }}/{{ network.prefix }}\n"
    assert render(text) == [
        ("one/one-01.yaml", "one 10.0.11.11/24\n"),
        ("two/two-01.yaml", "two 10.0.11.14/24\n"),
    ]


def test_one_cluster_or_one_node_may_be_meant() -> None:
    assert render("a", "two") == [("two/two-01.yaml", "a")]
    assert render("a", "one", "one-01") == [("one/one-01.yaml", "a")]
    assert render("a", "one", "two-01") == []


def test_links_get_names_of_their_own_in_the_order_of_the_facts() -> None:
    text = "{% for link in node.links %}\n{{ link.name }}={{ link.mac }}\n{% endfor %}\n"
    assert render(text, "one") == [
        ("one/one-01.yaml", "fast0=00:00:5e:00:53:11\nfast1=00:00:5e:00:53:12\n")
    ]


def wrong(text: str) -> list[tuple[str, str, str]]:
    found = rendering.render(MemoryTree({TEMPLATE: text}), estates.loaded().estate, "one")
    assert found.configurations == ()
    return [(each.rule, str(each.at), each.message) for each in found.findings]


def test_a_name_that_nobody_gave_is_no_empty_text() -> None:
    assert wrong("a\n{{ node.hostname }}\n") == [
        (
            "talos/template",
            f"{TEMPLATE}:2",
            "the template says no text: `node.hostname` is undefined",
        )
    ]
    assert wrong("{{ other }}\n")[0][1] == f"{TEMPLATE}:1"


def test_a_template_of_the_wrong_form_is_told_with_its_line() -> None:
    ((rule, at, message),) = wrong("a\n\n{% if %}\n")
    assert (rule, at) == ("talos/template", f"{TEMPLATE}:3")
    assert message.startswith("the template says no text: unexpected end of block")


def test_a_repository_without_a_template_is_told() -> None:
    found = rendering.render(MemoryTree({}), estates.loaded().estate)
    assert [(each.rule, each.message) for each in found.findings] == [
        ("talos/template", f"{TEMPLATE} does not exist")
    ]


def test_nothing_is_escaped_and_the_last_line_end_stays() -> None:
    assert render("a: '<&>'\n\n", "one") == [("one/one-01.yaml", "a: '<&>'\n\n")]
    assert Configuration("a", "b", "").path == "a/b.yaml"
