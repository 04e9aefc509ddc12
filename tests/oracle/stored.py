"""Whether charts of our platform are at hand."""

import pytest

from gitops.model.build import Fleet, Locked


def whole(fleet: Fleet) -> Fleet:
    """The fleet, where its releases are rendered; what locks know of them is too little to compare
    anything with."""
    units = [unit for cluster in fleet.clusters for unit in cluster.units]
    if any(isinstance(unit.outcome, Locked) for unit in units):
        pytest.skip(
            "charts of our releases are not in the store: `gitops charts pull` fetches them"
        )
    return fleet
