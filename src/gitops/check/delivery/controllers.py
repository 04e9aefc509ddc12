"""The controllers of Flux that a FluxInstance installs, and the kinds that need them.

Source: flux-operator, FluxInstance `spec.components`: what it lists is installed and nothing else;
without the list four controllers are.
"""

from collections.abc import Iterator

from gitops.check.fields import at, listing
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_WAY = ("spec", "components")
_USUAL = ("source-controller", "kustomize-controller", "helm-controller", "notification-controller")
_IMAGE, _NOTES = "image.toolkit.fluxcd.io", "notification.toolkit.fluxcd.io"
_NEEDED = {
    ("helm.toolkit.fluxcd.io", "HelmRelease"): "helm-controller",
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): "kustomize-controller",
    ("source.extensions.fluxcd.io", "ArtifactGenerator"): "source-watcher",
    (_IMAGE, "ImagePolicy"): "image-reflector-controller",
    (_IMAGE, "ImageRepository"): "image-reflector-controller",
    (_IMAGE, "ImageUpdateAutomation"): "image-automation-controller",
    (_NOTES, "Alert"): "notification-controller",
    (_NOTES, "Provider"): "notification-controller",
    (_NOTES, "Receiver"): "notification-controller",
}


def missing(facts: Index) -> Iterator[Finding]:
    """Objects of Flux have the controller that acts on them."""
    instances = facts.of("fluxcd.controlplane.io", "FluxInstance")
    for instance in instances if len(instances) == 1 else ():
        given = listing(at(facts.body(instance.manifest), *_WAY)) or _USUAL
        lacking = {
            controller: facts.of(*kind)[0]
            for kind, controller in reversed(_NEEDED.items())
            if controller not in given and facts.of(*kind)
        }
        for controller, user in sorted(lacking.items()):
            spot = Spot(facts, instance, _WAY)
            yield spot.error(
                "flux/controller-missing",
                f"{spot.who} does not install {controller}, which {user.manifest.id} needs",
                "list it under spec.components, or remove what needs it",
                user,
            )
