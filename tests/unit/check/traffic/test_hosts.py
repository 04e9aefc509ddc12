from gitops.check.traffic import hosts


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
