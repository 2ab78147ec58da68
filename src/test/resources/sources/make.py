"""Face sets in the forms people have, written from the forms' own descriptions and without this project's code.

  python3 make.py     writes them beside this file:
  faces.rec/.idx      MXNet RecordIO as InsightFace ships it: header record, images (one with the record magic in it, so in
                      two parts), list of people
  pairs.bin           InsightFace verification set, pickle protocol 2 as Python 2 wrote it; pairs4.bin: protocol 4
  foreign.bin         a pickle that would call os.system
  shard-00000{0,1}.tar  WebDataset: classes by .cls, .json, .txt
"""
import io
import json
import os
import pickle
import struct
import tarfile
import zlib

MAGIC = struct.pack("<I", 0xced7230a)


def png(value, note=b""):
    """A gray 6 x 6 picture of one value; a note makes it longer."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    raw = b"".join(b"\0" + bytes([value] * 6) for _ in range(6))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 6, 6, 8, 0, 0, 0, 0)) + \
        (chunk(b"teXt", note) if note else b"") + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


# RecordIO: the magic at a multiple of four within a record ends one part and begins the next.
def record(data):
    parts, begin = [], 0
    for at in range(0, len(data) - 3, 4):
        if data[at:at + 4] == MAGIC:
            parts.append(data[begin:at])
            begin = at + 4
    parts.append(data[begin:])
    out = b""
    for k, part in enumerate(parts):
        kind = 0 if len(parts) == 1 else 1 if k == 0 else 3 if k == len(parts) - 1 else 2
        out += MAGIC + struct.pack("<I", kind << 29 | len(part)) + part + b"\0" * (-len(part) % 4)
    return out


def packed(label, number, image=b""):
    if isinstance(label, (int, float)):
        return struct.pack("<IfQQ", 0, label, number, 0) + image
    return struct.pack("<IfQQ", len(label), 0, number, 0) + struct.pack("<%df" % len(label), *label) + image


images = [(0, png(10)), (0, png(20, b"x" * 3 + MAGIC * 2 + b"yz")), (10, png(30)), (2, png(40)), (2, png(50))]
# The note is placed so that the magic falls on a multiple of four of the record.
for pad in range(4):
    data = packed(0, 2, png(20, b"x" * pad + MAGIC * 2 + b"yz"))
    if data.index(MAGIC) % 4 == 0:
        images[1] = (0, png(20, b"x" * pad + MAGIC * 2 + b"yz"))
n = len(images)
records = [packed((n + 1, n + 4), 0)]
records += [packed((float(label), 7.0) if k == 3 else label, k + 1, image) for k, (label, image) in enumerate(images)]
records += [packed((1, 3), n + 1), packed((4, 6), n + 2), packed((3, 4), n + 3)]
rec, idx = b"", ""
for key, data in enumerate(records):
    idx += "%d\t%d\n" % (key, len(rec))
    rec += record(data)
open("faces.rec", "wb").write(rec)
open("faces.idx", "w").write(idx)

# Verification sets.
bins = [png(v) for v in (11, 12, 21, 22, 31, 31)]
same = [True, False, True]


def protocol2(bins, same):
    """As cPickle of Python 2 writes it: strings are bytes, lists in batches."""
    out = b"\x80\x02]q\x01("
    for k, b in enumerate(bins):
        out += (b"U" + bytes([len(b)]) if len(b) < 256 else b"T" + struct.pack("<I", len(b))) + b + b"q" + bytes([k + 2])
    out += b"e]q\x14(" + b"".join(b"\x88" if s else b"\x89" for s in same) + b"e\x86q\x15."
    return out


open("pairs.bin", "wb").write(protocol2(bins, same))
assert pickle.loads(protocol2(bins, same), encoding="bytes") == (bins, same)
open("pairs4.bin", "wb").write(pickle.dumps((bins, same), protocol=4))


class Foreign:
    def __reduce__(self):
        return os.system, ("true",)


open("foreign.bin", "wb").write(pickle.dumps(([Foreign()], [True]), protocol=2))


# WebDataset.
def shard(name, members):
    with tarfile.open(name, "w", format=tarfile.USTAR_FORMAT) as tar:
        for path, data in members:
            info = tarfile.TarInfo(path)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


shard("shard-000000.tar", [("a/0001.cls", b"7"), ("a/0001.png", png(1)), ("a/0002.seg.txt", b"no class"), ("a/0002.png", png(2)), ("a/0002.cls", b"10\n")])
shard("shard-000001.tar", [("b/0001.json", json.dumps({"deep": [[[{"label": 99}]]], "label": 7}).encode()), ("b/0001.png", png(3)), ("b/0002.txt", b"10"), ("b/0002.png", png(4))])
