"""Every file that configures the network."""

from gitops.model.estate import Estate
from gitops.network import jetstream, names, reference
from gitops.network.junos import router

COMMAND = "gitops network render"

FOLDER = "network"
"""A repository without it configures its network elsewhere."""


def files(estate: Estate) -> dict[str, str]:
    """By path; what is in them follows from the facts alone."""
    return {
        router.PATH: router.text(estate),
        **{jetstream.path(switch): jetstream.text(estate, switch) for switch in estate.switches},
        **names.files(estate),
        reference.PATH: reference.text(estate),
    }
