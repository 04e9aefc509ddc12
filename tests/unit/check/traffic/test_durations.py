from gitops.check.traffic import durations


def test_a_span_of_go_is_counted_in_seconds() -> None:
    assert durations.go("2160h0m0s") == 2160 * 3600
    assert durations.go("1.5h") == 5400
    assert durations.go("90d") is None
    assert durations.go("") is None


def test_prometheus_wants_whole_numbers_from_large_to_small() -> None:
    assert durations.prometheus("1d12h")
    assert durations.prometheus("0")
    assert not durations.prometheus("1.5h")
    assert not durations.prometheus("5m1h")
    assert not durations.prometheus("5")
    assert not durations.prometheus("")


def test_victoria_metrics_takes_fractions_and_bare_seconds() -> None:
    assert durations.victoria_metrics("1.5h")
    assert durations.victoria_metrics("30")
    assert not durations.victoria_metrics("1 h")


def test_spans_of_prometheus_are_counted_in_seconds() -> None:
    assert durations.seconds("1d12h") == 36 * 3600
    assert durations.seconds("500ms") == 0.5
    assert durations.seconds("0") == 0
    assert durations.seconds("1.5h") is None
    assert durations.seconds("") is None
