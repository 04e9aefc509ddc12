import pytest

from gitops.check.traffic import hosts
from gitops.model.secret import placeholder

HERE, THERE = (placeholder("Secret", namespace, "cluster", "domain") for namespace in ("a", "b"))


def test_a_wildcard_of_a_listener_stands_for_any_number_of_labels_but_none() -> None:
    assert hosts.meet("*.example.org", "web.example.org")
    assert hosts.meet("*.example.org", "api.web.example.org")
    assert not hosts.meet("*.example.org", "example.org")
    assert not hosts.meet("*.example.org", "webexample.org")


def test_two_wildcards_meet_when_one_lies_in_the_other() -> None:
    assert hosts.meet("*.example.org", "*.web.example.org")
    assert hosts.meet("*.web.example.org", "*.example.org")
    assert not hosts.meet("*.web.example.org", "*.api.example.org")


def test_no_name_means_every_host() -> None:
    assert hosts.meet("", "web.example.org")
    assert hosts.meet("*.example.org", "")


def test_a_wildcard_of_a_certificate_stands_for_exactly_one_label() -> None:
    assert hosts.certifies("*.example.org", "web.example.org")
    assert not hosts.certifies("*.example.org", "api.web.example.org")
    assert not hosts.certifies("*.example.org", "example.org")


def test_a_wildcard_host_needs_its_own_wildcard() -> None:
    assert hosts.certifies("*.example.org", "*.Example.org")
    assert not hosts.certifies("*.org", "*.example.org")
    assert not hosts.certifies("web.example.org", "*.example.org")


def test_a_zone_ends_at_a_dot() -> None:
    assert hosts.lies_in("web.example.org", "example.org")
    assert hosts.lies_in("example.org.", "Example.org")
    assert not hosts.lies_in("badexample.org", "example.org")


@pytest.mark.parametrize("other", [f"*.{THERE}", "*.example.org", f"web.{THERE}"])
def test_what_is_not_known_may_be_the_same(other: str) -> None:
    assert hosts.meet(other, f"web.{HERE}")
    assert hosts.certifies(other, f"web.{HERE}")
    assert hosts.lies_in(f"web.{HERE}", other)


def test_one_unknown_is_the_same_as_itself() -> None:
    assert hosts.certifies(f"*.{HERE}", f"web.{HERE}")
    assert not hosts.certifies(f"*.{HERE}", f"api.web.{HERE}")
    assert not hosts.meet(f"*.web.{HERE}", f"api.{HERE}")
    assert not hosts.lies_in(f"bad{HERE}", HERE)
