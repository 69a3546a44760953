"""The packets of Bilibili's live chat.

Bilibili Open Live, "长连接协议" (open-live.bilibili.com/document): a packet is its length, the
length of its head (16), a version, an operation and a sequence number, big endian, then its body.
The body of version 2 is other packets, deflated; that of version 3 is packed with Brotli, which the
open platform does not send.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

_HEAD = struct.Struct(">IHHII")
LARGEST = 4 * 1024 * 1024
"""Bytes of a message when it is unpacked."""
_DEFLATED = 2


class Op(IntEnum):
    HEARTBEAT = 2
    HEARD = 3
    """The answer to it."""
    MESSAGE = 5
    AUTH = 7
    AUTH_ANSWER = 8


class PacketError(ValueError):
    """These bytes are no packets."""


@dataclass(frozen=True, slots=True)
class Packet:
    op: int
    body: bytes


def packed(op: Op, body: bytes = b"", version: int = 1) -> bytes:
    return _HEAD.pack(_HEAD.size + len(body), _HEAD.size, version, op, 1) + body


def packets(data: bytes) -> Iterator[Packet]:
    """The packets in *data*, unpacked. Raises PacketError."""
    yield from _packets(data, deep=False)


def _packets(data: bytes, *, deep: bool) -> Iterator[Packet]:
    at = 0
    while at < len(data):
        if len(data) - at < _HEAD.size:
            raise PacketError("a head is cut off")
        length, head, version, op, _ = _HEAD.unpack_from(data, at)
        if not _HEAD.size <= head <= length <= len(data) - at:
            raise PacketError(f"a packet of {length} bytes with a head of {head}")
        body = data[at + head : at + length]
        if version == _DEFLATED and op == Op.MESSAGE:
            if deep:
                raise PacketError("deflated within deflated")
            yield from _packets(_inflated(body), deep=True)
        elif version < _DEFLATED or op != Op.MESSAGE:
            yield Packet(op, body)
            if op == Op.HEARD:
                return  # what follows echoes our own heartbeat, and its length is left out
        else:
            raise PacketError(f"packed in way {version}, which is not known here")
        at += length


def _inflated(body: bytes) -> bytes:
    opened = zlib.decompressobj()
    try:
        data = opened.decompress(body, LARGEST)
    except zlib.error as error:
        raise PacketError(str(error)) from error
    if opened.unconsumed_tail:
        raise PacketError(f"unpacked larger than {LARGEST} bytes")
    return data
