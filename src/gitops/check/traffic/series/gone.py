"""Series that are asked for by habit: of former versions, of extensions, of other programs."""

import re
from collections.abc import Callable

import msgspec

from gitops.check.fields import at, text
from gitops.check.index import Index
from gitops.check.traffic import targets
from gitops.model import semver


class Gone(msgspec.Struct, frozen=True):
    """Series whose names begin so, and when it is certain that nothing gives them."""

    names: tuple[str, ...]
    holds: Callable[[tuple[Index, ...]], bool]
    why: str
    instead: str


def _is_flux_new(indexes: tuple[Index, ...]) -> bool:
    """Source: fluxcd/flux2#4652: the last controller ceased to give them in 2.2."""
    versions = [
        text(at(facts.body(owned.manifest), "spec", "distribution", "version"))
        for facts in indexes
        for owned in facts.of("fluxcd.controlplane.io", "FluxInstance")
    ]
    found = [semver.parse(each.replace("x", "0").replace("*", "0")) for each in versions]
    of_instances = [(each.major, each.minor) >= (2, 3) for each in found if each]
    images = "\n".join(image for facts in indexes for image in facts.view(targets.images))
    minors = re.findall(r"fluxcd/kustomize-controller:v1\.(\d+)", images)
    of_images = [int(minor) >= 3 for minor in minors]
    known = [*of_instances, *of_images]
    return bool(known) and all(known) and len(of_instances) == len(versions)


def _is_keycloak_plain(indexes: tuple[Index, ...]) -> bool:
    """Whether all run the image of their operator, to which nobody adds."""
    bodies = [
        facts.body(owned.manifest)
        for facts in indexes
        for owned in facts.of("k8s.keycloak.org", "Keycloak")
    ]
    spoken = any("keycloak" in image for facts in indexes for image in facts.view(_others))
    return bool(bodies) and not spoken and not any(at(each, "spec", "image") for each in bodies)


def _others(facts: Index) -> tuple[str, ...]:
    images = facts.view(targets.images)
    return tuple(image for image in images if "operator" not in image)


def _is_redis_unasked(indexes: tuple[Index, ...]) -> bool:
    """Whether Dragonfly stands in its place, and nothing asks a Redis for such series."""
    images = (image for facts in indexes for image in facts.view(targets.images))
    raws = [
        owned.manifest.raw
        for facts in indexes
        for group, kind in targets.SCRAPING
        for owned in facts.of(group, kind)
    ]
    exporter = re.compile(r"(redis|valkey)[_-](exporter|metrics)")
    is_there = any(facts.of("dragonflydb.io", "Dragonfly") for facts in indexes)
    runs = any(map(exporter.search, images))
    return is_there and not runs and not any(b"redis" in raw and b"export" in raw for raw in raws)


GONE = (
    Gone(
        ("gotk_reconcile_condition", "gotk_suspend_status"),
        _is_flux_new,
        "what Flux does not give since 2.2",
        "ask for flux_resource_info of the Flux operator, or for gotk_resource_info that "
        "kube-state-metrics makes",
    ),
    Gone(
        (
            "keycloak_admin_event_",
            "keycloak_client_login",
            "keycloak_code_to_token",
            "keycloak_failed_",
            "keycloak_logins",
            "keycloak_logouts",
            "keycloak_refresh_token",
            "keycloak_registrations",
            "keycloak_request_duration",
            "keycloak_response_errors",
            "keycloak_user_event_",
        ),
        _is_keycloak_plain,
        "what an extension gives that the image of Keycloak does not have",
        "ask for keycloak_user_events_total by its labels event and error",
    ),
    Gone(
        ("redis_",),
        _is_redis_unasked,
        "what an exporter of Redis gives, and none runs: Dragonfly has names of its own",
        "ask for the series of Dragonfly, which begin with dragonfly_",
    ),
)
"""Source: keycloak-metrics-spi, README; dragonflydb, src/server/metrics.cc."""
