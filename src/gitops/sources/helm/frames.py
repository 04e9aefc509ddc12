"""Messages between the compiler and its worker: four bytes of length, then MessagePack."""

import struct
from collections.abc import Iterator

import msgspec

from gitops.model.render import RenderRequest, RenderResult

_LENGTH = struct.Struct(">I")
HEADER = _LENGTH.size


class Ask(msgspec.Struct, frozen=True, array_like=True):
    """A request under a number of the compiler's choice."""

    number: int
    request: RenderRequest


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """The result of the request with that number."""

    number: int
    result: RenderResult


class Ready(msgspec.Struct, frozen=True, array_like=True):
    """The first message of a worker; `failure` says why it cannot work."""

    failure: str = ""


_encode = msgspec.msgpack.Encoder().encode
read_ask = msgspec.msgpack.Decoder(Ask).decode
read_answer = msgspec.msgpack.Decoder(Answer).decode
read_ready = msgspec.msgpack.Decoder(Ready).decode


def frame(message: Ask | Answer | Ready) -> bytes:
    """The bytes of a message."""
    body = _encode(message)
    return _LENGTH.pack(len(body)) + body


def length(header: bytes | bytearray) -> int:
    """How many bytes follow the header of a message."""
    size: int = _LENGTH.unpack(header)[0]
    return size


def bodies(received: bytearray) -> Iterator[bytes]:
    """The messages that are there in full; they are taken out of `received`."""
    while len(received) >= HEADER:
        end = HEADER + length(received[:HEADER])
        if len(received) < end:
            return
        yield bytes(received[HEADER:end])
        del received[:end]
