#!/usr/bin/env python3
"""Reads a Syncline journal from its data.mdb, following Docs/JournalFormat.md and nothing else.

Usage: journal_reader.py DATA.MDB [--rows]

Prints one line of JSON for each event, verifies numbers, digests and seals, and ends with a line that
says so. With --rows the records' rows follow, decoded. Exit 1 where anything is not as it should be.
"""

import datetime
import hashlib
import json
import struct
import sys

KINDS = {
    1: "runOpened", 2: "runClosed", 3: "mappingAdopted", 4: "objectObserved",
    5: "trackingCreated", 6: "entriesForgotten", 7: "cursorAdvanced", 8: "parameterReset",
    16: "recordCreated", 17: "recordChanged", 18: "recordTouched", 19: "recordDeleted",
    20: "recordRekeyed", 21: "recordFailed", 32: "linked", 33: "unlinked", 34: "agreed",
    35: "slotVacated", 36: "parked", 38: "ignored", 48: "commandIssued",
    49: "commandConfirmed", 50: "commandRejected", 64: "conflictOpened",
    65: "conflictSuperseded", 66: "conflictDecided", 67: "overrideRequested",
}


class Damage(Exception):
    """The bytes are not what a journal holds."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Pages:
    """The B+trees of an LMDB data file."""

    def __init__(self, data):
        self.data = data
        self.size = struct.unpack_from("<I", data, 40)[0]
        metas = []
        for start in (0, self.size):
            magic, version = struct.unpack_from("<II", data, start + 16)
            if magic != 0xBEEFC0DE or version != 1:
                raise Damage("no LMDB file")
            main = struct.unpack_from("<Q", data, start + 128)[0]
            transaction = struct.unpack_from("<Q", data, start + 144)[0]
            metas.append((transaction, main))
        self.main = max(metas)[1]

    def entries(self, root):
        """Keys and values of the tree with this root page, ascending."""
        if root == 0xFFFFFFFFFFFFFFFF:
            return
        page = self.data[root * self.size:(root + 1) * self.size]
        flags, lower = struct.unpack_from("<HH", page, 10)
        for index in range((lower - 16) // 2):
            start = struct.unpack_from("<H", page, 16 + 2 * index)[0]
            low, high, node_flags, key_size = struct.unpack_from("<HHHH", page, start)
            key_end = start + 8 + key_size
            if flags & 1:
                yield from self.entries(low | high << 16 | node_flags << 32)
                continue
            size = low | high << 16
            value = page[key_end:key_end + size]
            if node_flags & 1:
                first = struct.unpack_from("<Q", page, key_end)[0]
                begin = first * self.size + 16
                value = self.data[begin:begin + size]
            yield page[start + 8:key_end], value

    def tree(self, name):
        for key, value in self.entries(self.main):
            if key == name:
                return self.entries(struct.unpack_from("<Q", value, 40)[0])
        raise Damage("no tree " + name.decode())


def block_events(key, value, previous):
    """The events of a block, once its seal is known to follow from the previous one."""
    if len(value) < 88:
        raise Damage("a block without a header")
    head = struct.unpack_from("<BBBBIQ32s32sII", value, 0)
    form, codec, secret_kind, reserved, count, first, secret, seal, length, map_length = head
    if (form, codec, reserved) != (1, 0, 0) or key != struct.pack(">Q", first):
        raise Damage(f"the block of event {first} has another format")
    if len(value) != 88 + map_length + length:
        raise Damage(f"the block of event {first} has another length")
    erased, next_salt = [False] * count, 88
    if secret_kind == 1:
        erased = [value[88 + i // 8] >> (i % 8) & 1 == 1 for i in range(count)]
        next_salt += (count + 7) // 8
    elif secret_kind != 0 or map_length != 0:
        raise Damage(f"the block of event {first} has an unknown secret")
    offset, digests, events = 88 + map_length, [], []
    for index in range(count):
        header = value[offset:offset + 80]
        if len(header) < 80 or struct.unpack_from("<Q", header)[0] != first + index:
            raise Damage(f"event {first + index} is missing")
        size = 32 if erased[index] else struct.unpack_from("<I", header, 72)[0]
        payload = value[offset + 80:offset + 80 + size]
        if erased[index]:
            inner = payload
        else:
            if secret_kind == 1:
                salt = value[next_salt:next_salt + 16]
                next_salt += 16
            else:
                salt = sha256(secret, struct.pack("<Q", first + index))[:16]
            inner = sha256(salt, payload)
        digests.append(sha256(header, inner))
        events.append((header, None if erased[index] else payload))
        offset += 80 + size
    if offset != len(value):
        raise Damage(f"bytes follow the last event of the block of event {first}")
    if seal != sha256(previous, struct.pack("<QI", first, count), *digests):
        raise Damage(f"the seal of the block of event {first} is broken")
    return events, seal


def described(header):
    """The members of a header, as the export names them."""
    fields = struct.unpack("<QBBHIqQQQQQQII", header)
    sequence, kind, version, _, run, time, record, link, of_record, of_link = fields[:10]
    causes = [cause for cause in fields[10:12] if cause]
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=time)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if moment.microsecond:
        text += f".{moment.microsecond:06d}".rstrip("0")
    members = {"sequence": sequence, "kind": KINDS[kind], "version": version, "time": text + "Z",
               "run": run}
    for name, number in (("record", record), ("link", link), ("previousOfRecord", of_record),
                         ("previousOfLink", of_link)):
        if number:
            members[name] = number
    if causes:
        members["causes"] = causes
    return members


class Reader:
    """Reads the items of a payload."""

    def __init__(self, data):
        self.data, self.offset = data, 0

    def raw(self, count):
        if self.offset + count > len(self.data):
            raise Damage("a payload ends inside an item")
        self.offset += count
        return self.data[self.offset - count:self.offset]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.raw(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def zigzag(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def counted(self):
        return self.raw(self.varint())

    def value(self):
        tag = self.raw(1)[0]
        if tag < 3:
            return (None, False, True)[tag]
        if tag in (3, 8 + 1, 11, 12):
            return self.zigzag()
        if tag == 4:
            sign, scale = self.raw(2)
            digits = int.from_bytes(self.raw(16), "little")
            return f"{'-' if sign else ''}{digits}e-{scale}"
        if tag == 5:
            sign, scale = self.raw(1)[0], self.varint()
            return f"{'-' if sign else ''}{self.counted().decode()}e-{scale}"
        if tag == 6:
            return struct.unpack("<d", self.raw(8))[0]
        if tag == 7:
            return self.counted().decode("utf-8", "replace")
        if tag == 8:
            return self.counted().hex()
        if tag == 10:
            return self.varint()
        if tag == 13:
            return self.raw(16).hex()
        if tag == 14:
            return [self.varint(), self.raw(32).hex()]
        raise Damage(f"a value has the unknown tag {tag}")


def row(kind, payload):
    """The fields of a record's row, by number; nothing for events without one."""
    reader = Reader(payload)
    if kind == "recordCreated":
        reader.varint()
        reader.counted()
    elif kind != "recordChanged":
        return None
    fields, packed = {}, Reader(reader.counted())
    while packed.offset < len(packed.data):
        field = struct.unpack("<H", packed.raw(2))[0]
        fields[field] = packed.value()
    return fields


def main(path, with_rows):
    with open(path, "rb") as file:
        pages = Pages(file.read())
    meta = dict(pages.tree(b"meta"))
    if meta.get(b"magic") != b"syncline journal" or meta.get(b"format") != struct.pack("<I", 1):
        raise Damage("no journal of format 1")
    seal, count, blocks = bytes(32), 0, 0
    for key, value in pages.tree(b"events"):
        events, seal = block_events(key, value, seal)
        blocks += 1
        for header, payload in events:
            count += 1
            members = described(header)
            if members["sequence"] != count:
                raise Damage(f"event {count} is missing")
            print(json.dumps(members, separators=(",", ":")))
            fields = row(members["kind"], payload) if with_rows and payload is not None else None
            if fields is not None:
                print(json.dumps(fields))
    print(f"chain verified: {count} events in {blocks} blocks")


if __name__ == "__main__":
    try:
        main(sys.argv[1], "--rows" in sys.argv)
    except (Damage, struct.error, KeyError) as error:
        print(f"damaged: {error}")
        sys.exit(1)
