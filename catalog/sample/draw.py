"""Draw the sample shop's pictures: ``python -m catalog.sample.draw``.

Flat shapes on a soft ground, drawn four times as large and scaled down. Ours, so free to show.
"""

import math
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from catalog.sample.pen import Colour, Sheet, smooth

CREAM, SAND, OAK, BARK = (246, 239, 228), (226, 207, 178), (201, 152, 98), (134, 92, 56)
NIGHT, SEA, SKY, FOAM = (38, 50, 66), (52, 108, 138), (143, 190, 210), (226, 240, 243)
MOSS, PINE, LEAF = (110, 138, 96), (44, 84, 70), (160, 186, 138)
SUN, HONEY, RUST, RED = (246, 199, 84), (222, 150, 42), (190, 92, 58), (204, 72, 62)
STEEL, SLATE, WHITE = (196, 204, 210), (104, 116, 128), (253, 252, 250)
LILAC, BLUSH, MINT = (214, 204, 228), (244, 214, 204), (206, 228, 214)


def lamp(s: Sheet) -> None:
    s.oval(190, 486, 410, 530, BARK)
    s.oval(190, 474, 410, 518, OAK)
    s.box(284, 290, 316, 500, OAK, 12)
    s.box(284, 290, 296, 500, (216, 172, 120), 6)
    s.shape([(220, 120), (380, 120), (442, 318), (158, 318)], WHITE)
    s.shape([(220, 120), (262, 120), (226, 318), (158, 318)], (244, 236, 220))
    s.oval(158, 300, 442, 336, SUN)
    s.oval(220, 108, 380, 132, (236, 226, 208))
    s.curve([(404, 500), (450, 520), (490, 508), (520, 530)], BARK, 5)


def mug(s: Sheet) -> None:
    s.ring(360, 230, 490, 410, SEA, 28)
    s.box(160, 180, 400, 500, SEA, 46)
    s.box(160, 180, 400, 290, SEA, 10)
    s.shape(
        [
            (160, 350),
            *smooth([(160, 350), (220, 332), (280, 352), (340, 334), (400, 352)]),
            (400, 352),
            (400, 440),
            (160, 440),
        ],
        FOAM,
    )
    s.box(160, 420, 400, 500, SAND, 46)
    s.box(160, 420, 400, 450, SAND)
    s.oval(160, 158, 400, 206, (72, 130, 160))
    s.oval(178, 166, 382, 200, (96, 62, 40))
    s.box(182, 230, 198, 330, (92, 146, 172), 8)
    for x in (230, 290, 350):
        s.curve([(x, 130), (x - 12, 108), (x + 10, 84), (x, 58)], WHITE, 7)


def kettle(s: Sheet) -> None:
    s.curve([(236, 400), (160, 380), (150, 300), (120, 220), (78, 196)], STEEL, 20)
    s.shape([(230, 230), (390, 230), (440, 480), (190, 480)], STEEL)
    s.shape([(230, 230), (270, 230), (244, 480), (190, 480)], (222, 228, 232))
    s.box(182, 474, 448, 502, NIGHT, 12)
    s.box(210, 498, 420, 522, SLATE, 10)
    s.oval(226, 212, 394, 250, (170, 180, 188))
    s.box(294, 178, 326, 214, OAK, 12)
    s.box(280, 206, 340, 222, NIGHT, 8)
    s.curve([(392, 250), (470, 236), (500, 300), (482, 400)], BARK, 26)
    s.oval(298, 380, 334, 416, FOAM)


def throw(s: Sheet) -> None:
    for x in range(150, 452, 18):
        s.line([(x, 470), (x - 3, 512)], (214, 200, 176), 6)
    s.box(130, 210, 470, 478, (236, 224, 202), 26)
    for y in range(236, 470, 44):
        s.box(130, y, 470, y + 12, (214, 198, 170))
    for x in range(166, 470, 70):
        s.box(x, 210, x + 10, 478, (222, 208, 182))
    s.box(110, 150, 490, 268, PINE, 40)
    s.box(110, 210, 490, 268, (54, 98, 82), 28)
    for x in range(140, 480, 44):
        s.line([(x, 168), (x, 250)], (74, 120, 102), 4)


def tee(s: Sheet) -> None:
    body = [
        (212, 150),
        (388, 150),
        (500, 220),
        (458, 312),
        (398, 280),
        (404, 498),
        (196, 498),
        (202, 280),
        (142, 312),
        (100, 220),
    ]
    s.shape(body, (44, 62, 96))
    s.shape([(202, 280), (142, 312), (100, 220), (212, 150), (206, 240)], (52, 72, 110))
    s.shape([(398, 280), (458, 312), (500, 220), (388, 150), (394, 240)], (52, 72, 110))
    s.oval(248, 118, 352, 196, (34, 48, 78))
    s.oval(258, 112, 342, 184, (238, 226, 207))
    s.box(240, 100, 360, 150, (238, 226, 207))
    s.box(196, 486, 404, 498, (34, 48, 78))
    s.curve([(262, 300), (282, 288), (300, 302), (318, 290), (338, 300)], SKY, 8)
    s.curve([(262, 324), (282, 312), (300, 326), (318, 314), (338, 324)], SKY, 8)


def socks(s: Sheet) -> None:
    for dx, dy, tone, dark in ((96, -30, (128, 140, 150), SLATE), (0, 20, (150, 160, 168), SLATE)):
        top = [(170 + dx, 110 + dy), (282 + dx, 110 + dy), (286 + dx, 330 + dy)]
        foot = smooth(
            [
                (286 + dx, 330 + dy),
                (340 + dx, 380 + dy),
                (356 + dx, 430 + dy),
                (318 + dx, 462 + dy),
                (250 + dx, 450 + dy),
                (190 + dx, 400 + dy),
                (168 + dx, 330 + dy),
            ]
        )
        s.shape([*top, *foot], tone)
        s.box(166 + dx, 100 + dy, 286 + dx, 150 + dy, dark, 14)
        for x in range(178, 284, 16):
            s.line([(x + dx, 108 + dy), (x + dx, 142 + dy)], (132, 142, 152), 3)
        s.box(170 + dx, 190 + dy, 284 + dx, 206 + dy, RUST)
        s.box(170 + dx, 218 + dy, 284 + dx, 228 + dy, SAND)
        s.blob(
            [
                (322 + dx, 380 + dy),
                (352 + dx, 420 + dy),
                (340 + dx, 454 + dy),
                (306 + dx, 456 + dy),
                (296 + dx, 420 + dy),
            ],
            dark,
        )
        s.blob(
            [
                (168 + dx, 320 + dy),
                (206 + dx, 340 + dy),
                (214 + dx, 392 + dy),
                (188 + dx, 396 + dy),
                (166 + dx, 360 + dy),
            ],
            dark,
        )


def jacket(s: Sheet) -> None:
    yellow, dark, light = SUN, (222, 170, 54), (252, 216, 122)
    s.blob([(228, 150), (240, 84), (300, 58), (360, 84), (372, 150), (300, 190)], dark)
    s.blob([(250, 146), (262, 102), (300, 84), (338, 102), (350, 146), (300, 170)], (120, 84, 34))
    s.shape(
        [
            (222, 146),
            (378, 146),
            (492, 250),
            (470, 440),
            (418, 436),
            (410, 306),
            (412, 508),
            (188, 508),
            (190, 306),
            (182, 436),
            (130, 440),
            (108, 250),
        ],
        yellow,
    )
    s.shape(
        [(222, 146), (250, 150), (296, 200), (296, 508), (188, 508), (190, 306), (200, 220)], light
    )
    s.line([(300, 196), (300, 508)], dark, 6)
    s.curve([(232, 150), (264, 190), (300, 202), (336, 190), (368, 150)], dark, 12)
    for y in (250, 320, 390, 460):
        s.oval(288, y, 312, y + 24, NIGHT)
    s.box(210, 390, 276, 404, dark, 6)
    s.box(324, 390, 390, 404, dark, 6)
    s.box(130, 424, 184, 444, dark, 6)
    s.box(416, 424, 470, 444, dark, 6)
    for x, y in ((96, 120), (150, 76), (470, 100), (520, 160), (60, 200)):
        s.shape([(x, y), *smooth([(x - 9, y + 22), (x, y + 34), (x + 9, y + 22)])], SEA)


def speaker(s: Sheet) -> None:
    s.blob(
        [
            (110, 380),
            (140, 260),
            (240, 196),
            (360, 196),
            (460, 260),
            (490, 380),
            (450, 490),
            (300, 514),
            (150, 490),
        ],
        (62, 68, 76),
    )
    s.blob(
        [
            (134, 376),
            (160, 276),
            (246, 220),
            (354, 220),
            (440, 276),
            (466, 376),
            (430, 464),
            (300, 486),
            (170, 464),
        ],
        (84, 92, 102),
    )
    for row in range(9):
        y = 254 + row * 25
        half = 150 * math.sqrt(max(0.0, 1 - ((y - 360) / 150) ** 2))
        for column in range(-7, 8):
            x = 300 + column * 22 + (row % 2) * 11
            if abs(x - 300) <= half:
                s.oval(x - 4.5, y - 4.5, x + 4.5, y + 4.5, (54, 60, 68))
    s.box(236, 198, 364, 214, (50, 56, 64), 8)
    for x, tone in ((262, STEEL), (300, STEEL), (338, SUN)):
        s.oval(x - 5, 201, x + 5, 211, tone)
    for r in (40, 70, 100):
        s.arc(300 - r, 140 - r, 300 + r, 140 + r, SEA, 9)


def buds(s: Sheet) -> None:
    s.box(150, 330, 450, 510, WHITE, 84)
    s.box(150, 400, 450, 510, (232, 234, 236), 84)
    s.box(150, 396, 450, 404, (206, 210, 214))
    s.oval(292, 430, 308, 446, LEAF)
    for x, flip in ((216, -1), (384, 1)):
        s.line([(x, 200), (x + 10 * flip, 316)], WHITE, 32)
        s.oval(x - 46, 120, x + 46, 218, WHITE)
        s.oval(x - 26 - 26 * flip, 140, x + 26 - 26 * flip, 196, SLATE)
        s.oval(x - 14 - 30 * flip, 152, x + 14 - 30 * flip, 184, NIGHT)
        s.box(x + 10 * flip - 9, 306, x + 10 * flip + 9, 322, STEEL, 6)


def cream(s: Sheet) -> None:
    s.shape([(206, 92), (394, 92), (372, 420), (228, 420)], (128, 178, 160))
    s.shape([(206, 92), (252, 92), (258, 420), (228, 420)], (150, 196, 178))
    s.box(198, 76, 402, 106, (104, 154, 138), 6)
    for x in range(212, 396, 14):
        s.line([(x, 82), (x, 100)], (128, 178, 160), 3)
    s.box(238, 416, 362, 510, WHITE, 14)
    for x in range(252, 356, 16):
        s.line([(x, 430), (x, 500)], (226, 228, 226), 4)
    s.box(236, 180, 364, 330, WHITE, 12)
    for dx, tone in ((-22, PINE), (0, MOSS), (22, PINE)):
        s.curve([(300 + dx, 310), (288 + dx, 276), (312 + dx, 244), (300 + dx, 204)], tone, 9)


def soap(s: Sheet) -> None:
    s.box(118, 400, 482, 500, BARK, 20)
    for slat in range(150, 470, 56):
        s.box(slat, 400, slat + 26, 500, OAK)
    s.box(140, 268, 460, 424, (222, 190, 140), 34)
    s.box(140, 268, 460, 396, (236, 208, 162), 34)
    s.box(222, 268, 378, 424, PINE, 4)
    s.shape([(300, 296), (338, 354), (262, 354)], CREAM)
    s.shape([(300, 322), (346, 386), (254, 386)], CREAM)
    s.box(293, 380, 307, 404, CREAM)
    for x, y, r in (
        (180.0, 190.0, 34.0),
        (246, 140, 22),
        (410, 176, 42),
        (350, 120, 16),
        (470, 250, 18),
    ):
        s.oval(x - r, y - r, x + r, y + r, FOAM)
        s.ring(x - r, y - r, x + r, y + r, SKY, 4)
        s.oval(x - r * 0.5, y - r * 0.6, x - r * 0.1, y - r * 0.2, WHITE)


def boat(s: Sheet) -> None:
    s.box(288, 86, 304, 400, BARK, 6)
    s.shape([(312, 110), (312, 376), (486, 376)], WHITE)
    s.shape([(312, 300), (312, 340), (462, 340), (436, 300)], RED)
    s.shape([(278, 150), (278, 376), (146, 376)], CREAM)
    s.shape([(304, 84), (304, 118), (250, 101)], RED)
    s.shape([(100, 396), (500, 396), (436, 492), (168, 492)], RED)
    s.shape([(100, 396), (500, 396), (482, 424), (120, 424)], OAK)
    s.oval(240, 440, 268, 468, CREAM)
    s.oval(320, 440, 348, 468, CREAM)
    for y, tone in ((500, SEA), (524, SKY)):
        s.curve(
            [(x, y + (10 if i % 2 else -4)) for i, x in enumerate(range(70, 540, 52))], tone, 12
        )


def puzzle(s: Sheet) -> None:
    s.box(110, 110, 490, 490, (64, 84, 122), 12)
    s.box(110, 110, 490, 300, (236, 158, 118), 12)
    s.box(110, 200, 490, 300, (248, 192, 132))
    s.oval(380, 210, 450, 280, SUN)
    s.box(110, 300, 490, 490, (48, 74, 108), 12)
    hill = smooth([(112, 420), (180, 356), (280, 352), (340, 420), (352, 488)])
    s.shape([*hill, (112, 488)], PINE)
    s.shape([(204, 376), (218, 200), (262, 200), (276, 376)], WHITE)
    s.shape([(209, 316), (214, 262), (266, 262), (271, 316)], RED)
    s.box(214, 170, 266, 202, SUN, 4)
    s.shape([(206, 172), (240, 138), (274, 172)], RED)
    s.shape([(266, 176), (490, 130), (490, 190), (266, 194)], (252, 222, 160))
    cut = (250, 240, 226)
    for i in (1, 2, 3):
        at = 110 + i * 95
        s.line([(at, 112), (at, 488)], cut, 4)
        s.line([(112, at), (488, at)], cut, 4)
    for i in (1, 2, 3):
        for j in range(4):
            at, mid = 110 + i * 95, 157 + j * 95
            side = 10 if (i + j) % 2 else -10
            s.ring(at + side - 13, mid - 13, at + side + 13, mid + 13, cut, 4)
            s.ring(mid - 13, at - side - 13, mid + 13, at - side + 13, cut, 4)
    s.shape([(395, 395), (492, 395), (492, 492), (395, 492)], LILAC)
    s.box(424, 424, 520, 520, PINE, 4)
    s.oval(460, 408, 486, 434, PINE)
    s.oval(408, 460, 434, 486, LILAC)


def honey(s: Sheet) -> None:
    s.box(160, 190, 440, 510, HONEY, 54)
    s.box(160, 190, 440, 270, (236, 176, 70), 40)
    s.box(176, 220, 200, 470, (244, 196, 104), 12)
    s.box(180, 120, 420, 196, CREAM, 16)
    s.box(172, 160, 428, 200, OAK, 10)
    for x in range(190, 420, 22):
        s.line([(x, 128), (x, 156)], SAND, 4)
    s.box(206, 290, 394, 440, CREAM, 14)
    for dx, dy, tone in ((0, 0, SUN), (-36, 20, RUST), (36, 20, LILAC)):
        for turn in range(6):
            a = turn * math.pi / 3
            px, py = 300 + dx + 13 * math.cos(a), 350 + dy + 13 * math.sin(a)
            s.oval(px - 9, py - 9, px + 9, py + 9, tone)
        s.oval(300 + dx - 8, 342 + dy, 300 + dx + 8, 358 + dy, BARK)
    s.curve([(300, 378), (304, 402), (300, 424)], MOSS, 6)


PICTURES: dict[str, tuple[Callable[[Sheet], None], Colour]] = {
    "HP-LAMP": (lamp, BLUSH),
    "HP-MUG": (mug, CREAM),
    "HP-KETTLE": (kettle, MINT),
    "HP-THROW": (throw, LILAC),
    "HP-TEE": (tee, SAND),
    "HP-SOCKS": (socks, CREAM),
    "HP-JACKET": (jacket, SKY),
    "HP-SPEAKER": (speaker, BLUSH),
    "HP-BUDS": (buds, SKY),
    "HP-CREAM": (cream, BLUSH),
    "HP-SOAP": (soap, MINT),
    "HP-BOAT": (boat, (250, 226, 178)),
    "HP-PUZZLE": (puzzle, LILAC),
    "HP-HONEY": (honey, LEAF),
}


def draw(folder: Path) -> None:
    """Write each product's picture as folder/SKU.png, 600 x 600, 128 colours."""
    folder.mkdir(parents=True, exist_ok=True)
    for sku, (paint, ground) in PICTURES.items():
        sheet = Sheet(ground)
        paint(sheet)
        flat = sheet.done().quantize(128, dither=Image.Dither.NONE)
        flat.save(folder / f"{sku}.png", optimize=True)


if __name__ == "__main__":
    draw(Path(__file__).parent / "images")
