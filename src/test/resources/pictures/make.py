"""Pictures of every kind that people have, and what their samples are, by Pillow, numpy and chunks written by hand.

  python3 make.py        writes the pictures beside this file and expected.txt: a line a picture,
                         name, tolerance, channels, height, width, samples as hexadecimal (channel, row, column)

Transparent pixels lie on white, orientation is obeyed, profiles are not applied, inks become (255 - ink)(255 - black)/255.
"""
import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

H, W = 10, 14
lines = []


def smooth(channels, h=H, w=W, phase=0):
    y, x = np.mgrid[0:h, 0:w]
    return np.stack([20 + (200 * (x * (k + 1) / w + y * (3 - k % 3) / h + phase) / (k % 3 + 1 + 3 - k % 3)) for k in range(channels)],
                    -1).clip(0, 255).astype("u1")


def expect(name, data, samples, tolerance=0):
    open(name, "wb").write(data)
    a = np.asarray(samples)
    a = a[..., None] if a.ndim == 2 else a
    lines.append(" ".join(map(str, [name, tolerance, a.shape[2], a.shape[0], a.shape[1], a.transpose(2, 0, 1).astype("u1").tobytes().hex()])))


def saved(image, fmt, **how):
    out = io.BytesIO()
    image.save(out, fmt, **how)
    return out.getvalue()


def on_white(colour, alpha):
    a = alpha.astype(int)[..., None]
    c = colour.astype(int)
    c = c[..., None] if c.ndim == 2 else c
    return ((c * a + 255 * (255 - a) + 127) // 255).astype("u1")


def eight(deep):
    return ((deep.astype(np.int64) * 255 + 32767) // 65535).astype("u1")


# PNG, chunk by chunk -------------------------------------------------------------------------------------------------
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(rows, depth):
    out = b""
    for row in rows:
        flat = row.reshape(-1)
        if depth == 16:
            out += b"\0" + flat.astype(">u2").tobytes()
        elif depth == 8:
            out += b"\0" + flat.astype("u1").tobytes()
        else:
            bits = "".join(format(int(v), "0%db" % depth) for v in flat)
            bits += "0" * (-len(bits) % 8)
            out += b"\0" + bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
    return out


def png(samples, colour_type, depth, before=b"", interlaced=False):
    h, w = samples.shape[:2]
    head = struct.pack(">IIBBBBB", w, h, depth, colour_type, 0, 0, int(interlaced))
    if interlaced:
        raw = b""
        for y0, x0, dy, dx in ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)):
            part = samples[y0::dy, x0::dx]
            raw += packed(part, depth) if part.size else b""
    else:
        raw = packed(samples, depth)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


rng = np.random.default_rng(5)
rgb = rng.integers(0, 256, (H, W, 3)).astype("u1")
gray = rng.integers(0, 256, (H, W)).astype("u1")
alpha = rng.integers(0, 256, (H, W)).astype("u1")
deep = rng.integers(0, 65536, (H, W, 3))
srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def odd_profile():
    """sRGB with red and blue changed over: whoever applies it sees other colours."""
    p = bytearray(srgb)
    n = struct.unpack(">I", p[128:132])[0]
    at = {bytes(p[132 + 12 * k:136 + 12 * k]): 132 + 12 * k for k in range(n)}
    r, b = at[b"rXYZ"], at[b"bXYZ"]
    p[r + 4:r + 12], p[b + 4:b + 12] = p[b + 4:b + 12], p[r + 4:r + 12]
    return bytes(p)


odd = odd_profile()


def exif(orientation, order=">"):
    head = b"MM\0*" if order == ">" else b"II*\0"
    return head + struct.pack(order + "IHHHIHHI", 8, 1, 274, 3, 1, orientation, 0, 0)


expect("rgb.png", png(rgb, 2, 8), rgb)
expect("interlaced.png", png(rgb, 2, 8, interlaced=True), rgb)
expect("deep.png", png(deep, 2, 16), eight(deep))
expect("deep-gray.png", png(deep[..., 0], 0, 16), eight(deep[..., 0]))
expect("deep-interlaced.png", png(deep[..., 0], 0, 16, interlaced=True), eight(deep[..., 0]))
for depth in (1, 2, 4):
    few = gray >> (8 - depth)
    expect("gray%d.png" % depth, png(few, 0, depth), few * (255 // (2 ** depth - 1)))
few = gray >> 7
expect("gray1-interlaced.png", png(few, 0, 1, interlaced=True), few * 255)
table = rng.integers(0, 256, (16, 3)).astype("u1")
indices = gray >> 4
expect("palette.png", png(indices, 3, 4, chunk(b"PLTE", table.tobytes())), table[indices])
clear = rng.integers(0, 256, 11).astype("u1")
alphas = np.concatenate([clear, np.full(5, 255, "u1")])
expect("palette-clear.png", png(indices, 3, 4, chunk(b"PLTE", table.tobytes()) + chunk(b"tRNS", clear.tobytes())), on_white(table[indices], alphas[indices]))
expect("gray-alpha.png", png(np.dstack([gray, alpha]), 4, 8), on_white(gray, alpha))
expect("rgba.png", png(np.dstack([rgb, alpha]), 6, 8), on_white(rgb, alpha))
expect("rgba-trns.png", png(np.dstack([rgb, alpha]), 6, 8, chunk(b"tRNS", b"\0\1\0\2\0\3")), on_white(rgb, alpha))
deep_alpha = rng.integers(0, 65536, (H, W))
expect("deep-rgba.png", png(np.dstack([deep, deep_alpha]), 6, 16), on_white(eight(deep), eight(deep_alpha)), 1)
keyed = rgb.copy()
keyed[2:5, 3:9] = (10, 200, 30)
expect("rgb-key.png", png(keyed, 2, 8, chunk(b"tRNS", struct.pack(">HHH", 10, 200, 30))), np.where((keyed == (10, 200, 30)).all(-1)[..., None], 255, keyed))
keyed = gray.copy()
keyed[2:5, 3:9] = 77
expect("gray-key.png", png(keyed, 0, 8, chunk(b"tRNS", struct.pack(">H", 77))), np.where(keyed == 77, 255, keyed))
keyed = gray >> 6
expect("gray2-key.png", png(keyed, 0, 2, chunk(b"tRNS", struct.pack(">H", 1))), np.where(keyed == 1, 255, keyed * 85))
keyed = deep.copy()
keyed[2:5, 3:9] = (1000, 2000, 30000)
expect("deep-key.png", png(keyed, 2, 16, chunk(b"tRNS", struct.pack(">HHH", 1000, 2000, 30000))),
       np.where((keyed == (1000, 2000, 30000)).all(-1)[..., None], 255, eight(keyed)))
expect("profile.png", png(rgb, 2, 8, chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"iCCP", b"odd\0\0" + zlib.compress(odd))), rgb)
expect("bad-profile.png", png(rgb, 2, 8, chunk(b"iCCP", b"odd\0\0nonsense")), rgb)
turned = {1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud, 5: lambda a: a.transpose(1, 0, 2), 6: lambda a: np.rot90(a, -1),
          7: lambda a: np.rot90(a, 2).transpose(1, 0, 2), 8: np.rot90}
expect("turned6.png", png(rgb, 2, 8, chunk(b"eXIf", exif(6))), turned[6](rgb))
for k in (0, 4, 7, 300):
    expect("bad-exif%d.png" % k, png(rgb, 2, 8, chunk(b"eXIf", exif(6)[:k] + b"\xff" * (k // 100))), turned[6](rgb) if k == 300 else rgb)

# JPEG ----------------------------------------------------------------------------------------------------------------
soft = smooth(3)
expect("soft.jpg", saved(Image.fromarray(soft), "JPEG", quality=98, subsampling=0), soft, 4)
expect("soft420.jpg", saved(Image.fromarray(soft), "JPEG", quality=98), soft, 6)
expect("gray.jpg", saved(Image.fromarray(soft[..., 0]), "JPEG", quality=98), soft[..., 0], 4)
whole = saved(Image.fromarray(soft), "JPEG", quality=98, progressive=True)
expect("progressive.jpg", whole, soft, 6)
expect("progressive-endless.jpg", whole[:-2], soft, 6)
plain = saved(Image.fromarray(soft), "JPEG", quality=98, subsampling=0)
expect("zeros-before-end.jpg", plain[:-2] + b"\0\0" + plain[-2:], soft, 4)
expect("endless.jpg", plain[:-2], soft, 4)
expect("tail.jpg", plain + b"\0" * 100 + plain[:50], soft, 4)
expect("fill.jpg", plain[:2] + b"\xff" * 7 + plain[2:], soft, 4)


def app(marker, data):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def after_soi(jpeg, *segments):
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def icc(profile):
    return app(0xe2, b"ICC_PROFILE\0\1\1" + profile)


expect("profile.jfif", after_soi(plain, icc(odd)), soft, 4)
expect("bad-profile.jpg", after_soi(plain, icc(b"nonsense" * 40)), soft, 4)
expect("short-profile.jpg", after_soi(plain, app(0xe2, b"ICC_PROFILE\0\1\3" + srgb[:100])), soft, 4)
gray_profile = bytearray(srgb)
gray_profile[16:20] = b"GRAY"
expect("gray-profile.jpg", after_soi(plain, icc(bytes(gray_profile))), soft, 4)
expect("rgb-profile-gray.jpg", after_soi(saved(Image.fromarray(soft[..., 0]), "JPEG", quality=98), icc(srgb)), soft[..., 0], 4)
for k in range(1, 9):
    expect("turned%d.jpg" % k, after_soi(plain, app(0xe1, b"Exif\0\0" + exif(k, "<>"[k % 2]))), turned[k](soft), 4)
expect("bad-exif.jpg", after_soi(plain, app(0xe1, b"Exif\0\0" + exif(6)[:15])), soft, 4)


def without(jpeg, marker):
    at = 2
    while jpeg[at + 1] != marker:
        at += 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]
    return jpeg[:at] + jpeg[at + 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]:]


bare = without(plain, 0xe0)
expect("no-jfif.jpg", bare, soft, 4)
expect("exif-only.jpg", after_soi(bare, app(0xe1, b"Exif\0\0" + exif(1))), soft, 4)


def renamed(jpeg, ids):
    """Other names for the three components, in frame and scans."""
    out = bytearray(jpeg)
    at = 2
    while True:
        marker, length = out[at + 1], struct.unpack(">H", out[at + 2:at + 4])[0]
        if marker in (0xc0, 0xc2):
            for c in range(out[at + 9]):
                out[at + 10 + 3 * c] = ids[c]
        if marker == 0xda:
            for c in range(out[at + 4]):
                out[at + 5 + 2 * c] = ids[c]
            return bytes(out)
        at += 2 + length


def as_luma(rgb_samples):
    """A picture whose stored components are these very samples: Pillow is told that they are luma and chroma."""
    return saved(Image.merge("YCbCr", [Image.fromarray(np.ascontiguousarray(rgb_samples[..., c])) for c in range(3)]), "JPEG", quality=98, subsampling=0)


adobe = lambda transform: app(0xee, b"Adobe\0\x64\0\0\0\0" + bytes([transform]))
stored_rgb = without(as_luma(soft), 0xe0)
expect("adobe-rgb.jpg", after_soi(stored_rgb, adobe(0)), soft, 4)
expect("named-rgb.jpg", renamed(stored_rgb, b"RGB"), soft, 4)
expect("odd-names.jpg", renamed(bare, b"\x00\x01\x02"), soft, 4)
inks = smooth(4, phase=.1)
expect("cmyk.jpg", saved(Image.fromarray(inks, "CMYK"), "JPEG", quality=98), np.asarray(Image.fromarray(inks, "CMYK").convert("RGB")), 5)


def cmyk(a):
    a = a.astype(int)
    return (((255 - a[..., :3]) * (255 - a[..., 3:]) + 127) // 255).astype("u1")


# Pillow stores 255 - ink; without the Adobe segment what is stored is the ink.
expect("cmyk-plain.jpg", without(saved(Image.fromarray(255 - inks, "CMYK"), "JPEG", quality=98), 0xee), cmyk(inks), 5)
luma = np.asarray(Image.fromarray(np.ascontiguousarray(inks[..., :3])).convert("YCbCr"))
ycck = saved(Image.fromarray(np.dstack([255 - luma, inks[..., 3]]), "CMYK"), "JPEG", quality=98)
at = ycck.index(b"Adobe") + 11
expect("ycck.jpg", ycck[:at] + b"\2" + ycck[at + 1:], cmyk(inks), 6)
open("half.jpg.refused", "wb").write(plain[:len(plain) * 2 // 3])
open("scans.jpg.refused", "wb").write(whole[:-2] + whole[whole.rindex(b"\xff\xda"):-2] * 3000 + whole[-2:])

# WebP ----------------------------------------------------------------------------------------------------------------
big = smooth(3, 32, 48)
big_alpha = smooth(1, 32, 48)[..., 0]
expect("soft.webp", saved(Image.fromarray(big), "WEBP", quality=98), big, 10)
expect("exact.webp", saved(Image.fromarray(rgb), "WEBP", lossless=True), rgb)
expect("exact-alpha.webp", saved(Image.fromarray(np.dstack([rgb, alpha])), "WEBP", lossless=True, exact=True), on_white(rgb, alpha))
expect("soft-alpha.webp", saved(Image.fromarray(np.dstack([big, big_alpha])), "WEBP", quality=98, exact=True), on_white(big, big_alpha), 10)
expect("turned.webp", saved(Image.fromarray(rgb), "WEBP", lossless=True, exif=b"Exif\0\0" + exif(8)), turned[8](rgb))
expect("profile.webp", saved(Image.fromarray(rgb), "WEBP", lossless=True, icc_profile=odd), rgb)
expect("moving.webp", saved(Image.fromarray(rgb), "WEBP", lossless=True, save_all=True, append_images=[Image.fromarray(255 - rgb)], minimize_size=False), rgb)

# TIFF ----------------------------------------------------------------------------------------------------------------
expect("rgb.tif", saved(Image.fromarray(rgb), "TIFF"), rgb)
for how in ("tiff_lzw", "tiff_adobe_deflate", "packbits"):
    expect(how + ".tiff", saved(Image.fromarray(rgb), "TIFF", compression=how), rgb)
expect("gray.tif", saved(Image.fromarray(gray), "TIFF"), gray)
expect("profile.tif", saved(Image.fromarray(rgb), "TIFF", icc_profile=odd), rgb)
expect("turned.tif", saved(Image.fromarray(rgb), "TIFF", tiffinfo={274: 6}), turned[6](rgb))
two = (gray > 127)
expect("fax.tif", saved(Image.fromarray(two), "TIFF", compression="group4"), two * 255)
expect("rgba.tif", saved(Image.fromarray(np.dstack([rgb, alpha])), "TIFF"), on_white(rgb, alpha))
expect("palette.tif", saved(Image.fromarray(rgb).quantize(16), "TIFF"), np.asarray(Image.fromarray(rgb).quantize(16).convert("RGB")), 1)
expect("cmyk.tif", saved(Image.fromarray(inks, "CMYK"), "TIFF"), cmyk(inks), 1)


def tiff(samples, bits, photometric, order):
    """One strip, nothing packed; numbers as the order says."""
    kind = "u1" if bits == 8 else order + "u2"
    data = samples.astype(kind).tobytes()
    h, w = samples.shape
    tags = [(256, 4, w), (257, 4, h), (258, 3, bits), (259, 3, 1), (262, 3, photometric), (273, 4, 8), (277, 3, 1), (278, 4, h), (279, 4, len(data))]
    out = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8 + len(data)) + data + struct.pack(order + "H", len(tags))
    for tag, k, value in tags:
        out += struct.pack(order + "HHI", tag, k, 1) + (struct.pack(order + "HH", value, 0) if k == 3 else struct.pack(order + "I", value))
    return out + b"\0\0\0\0"


expect("white-is-zero.tif", tiff(255 - gray, 8, 0, "<"), gray)
for order, called in (("<", "little"), (">", "big")):
    expect("deep-%s.tif" % called, tiff(deep[..., 0], 16, 1, order), eight(deep[..., 0]))
open("float.tif.refused", "wb").write(saved(Image.fromarray(gray.astype("f4")), "TIFF"))

# GIF and BMP ---------------------------------------------------------------------------------------------------------
few = Image.fromarray(rgb).quantize(8)
seen = np.asarray(few.convert("RGB"))
expect("clear.gif", saved(few, "GIF", transparency=2), np.where((np.asarray(few) == 2)[..., None], 255, seen))
expect("rgb.bmp", saved(Image.fromarray(rgb), "BMP"), rgb)
expect("rgbx.bmp", saved(Image.fromarray(np.dstack([rgb, np.zeros((H, W), "u1")]), "RGBX").convert("RGB"), "BMP"), rgb)

# A header of 40 bytes has no place to say that the fourth byte is alpha: it is none. One of 108 has.
expect("rgba.bmp", saved(Image.fromarray(np.dstack([rgb, alpha])), "BMP"), rgb)
bgra = np.dstack([rgb[..., ::-1], alpha])[::-1].tobytes()
masks = struct.pack("<IIII", 0xff0000, 0xff00, 0xff, 0xff000000)
expect("rgba-masks.bmp", struct.pack("<2sIHHI", b"BM", 122 + len(bgra), 0, 0, 122) +
       struct.pack("<IiiHHIIiiII", 108, W, H, 1, 32, 3, len(bgra), 0, 0, 0, 0) + masks + b"BGRs" + b"\0" * 48 + bgra, on_white(rgb, alpha))

open("expected.txt", "w").write("\n".join(lines) + "\n")
