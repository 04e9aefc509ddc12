"""What a message says must hold tells what to do."""

import pytest

from gitops.check.schemas import remedies
from gitops.check.schemas.problem import Fault, Problem
from gitops.model.ids import ObjectId

WEB = ObjectId("apps", "v1", "Deployment", "shop", "web")
CASES = {
    "may have 63 characters, has 80": (Fault.LIMIT, "take away 17 of the characters"),
    "takes 1048600 bytes of the 1048576 there are": (Fault.VALUE, "take away 24 bytes"),
    "must have at least 1 elements, has 0": (
        Fault.VALUE,
        "add elements, or leave the field out",
    ),
    "must be one of Always, Never; it is 3": (Fault.ENUM, "choose one of them"),
    "must be OnFailure or Never; it is Always": (Fault.ENUM, "set it to OnFailure or Never"),
    "may only be there where type is LoadBalancer": (
        Fault.CONFLICT,
        "remove it, or change type",
    ),
    "may not be true where hostPID is": (Fault.CONFLICT, "change it, or change the hostPID"),
    "must be at least 5 as minReplicas, is 3": (Fault.CONFLICT, "change it, or minReplicas"),
    "default 2Gi is more than max 1Gi": (Fault.CONFLICT, "lower default, or raise max"),
    "'the platform team' is no value of a label: letters": (
        Fault.METADATA,
        "write it as the-platform-team",
    ),
    "'?' is no value of a label: letters": (Fault.METADATA, "write it in that form"),
    "fits 2 forms of which it may have one": (
        Fault.VALUE,
        "keep the fields of one of the forms",
    ),
    '"1GB" is no quantity': (Fault.FORMAT, "write an amount such as 100m, 512Mi or 1Gi"),
    "is no field that the schema knows": (
        Fault.UNKNOWN,
        "correct its name or its place, or remove it: apps/v1 has none",
    ),
}


@pytest.mark.parametrize("message", CASES)
def test_the_way_out_is_read_from_what_must_hold(message: str) -> None:
    fault, hint = CASES[message]
    assert remedies.remedy(Problem(fault, (), message), WEB) == hint


def test_a_way_out_that_the_problem_knows_goes_first() -> None:
    known = Problem(Fault.ENUM, (), "must be one of a, b; it is c", "did you mean b?")
    assert remedies.remedy(known, WEB) == "did you mean b?"


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_way_out_whatever_the_words(fault: Fault) -> None:
    assert remedies.remedy(Problem(fault, (), "is wrong in a way that nobody foresaw"), WEB)
