"""Spans of time as Go and as Prometheus write them."""

import re

_GO_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_GO_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)")
_GO = re.compile(rf"(?:{_GO_PART.pattern})+")

_PROMETHEUS = re.compile(
    r"0|(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?"
)
_METRICSQL = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|[smhdwyi]))+|\d+(?:\.\d+)?")


def go(text: str) -> float | None:
    """Seconds of a `time.Duration`, such as `2160h0m0s`; None where it is none."""
    if not _GO.fullmatch(text):
        return None
    return sum(float(number) * _GO_UNITS[unit] for number, unit in _GO_PART.findall(text))


def prometheus(text: str) -> bool:
    """Whether Prometheus reads it: whole numbers, and units from the largest to the smallest.

    Source: prometheus/common, model.ParseDuration.
    """
    return bool(text) and _PROMETHEUS.fullmatch(text) is not None


def victoria_metrics(text: str) -> bool:
    """Whether VictoriaMetrics reads it: fractions and any order, and bare seconds."""
    return _METRICSQL.fullmatch(text) is not None


_PROMETHEUS_UNITS = (31536000.0, 604800.0, 86400.0, 3600.0, 60.0, 1.0, 0.001)


def seconds(text: str) -> float | None:
    """Seconds of what Prometheus and Alertmanager read; None where they read none."""
    found = _PROMETHEUS.fullmatch(text) if text else None
    if found is None:
        return None
    return sum(
        float(number) * unit
        for number, unit in zip(found.groups("0"), _PROMETHEUS_UNITS, strict=True)
    )
