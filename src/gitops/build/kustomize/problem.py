"""Why a change to an object cannot be made, before it is known whose fault that is."""

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """`message` says what is wrong; whoever knows the place turns it into a Finding."""

    message: str
    hint: str
