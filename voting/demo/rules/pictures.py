"""What the drawn works look like, by their titles; the others have no picture."""

from voting.demo.rules.drawing import Box, Disc, Part, Shape, draw


def _tree(x: float, y: float, size: float) -> tuple[Part, ...]:
    """A tree that stands at a point."""
    return (
        Box("wood", x - size * 0.06, y - size * 0.5, size * 0.12, size * 0.5),
        Disc("leaf", x, y - size * 0.72, size * 0.34),
        Disc("leaf", x - size * 0.24, y - size * 0.54, size * 0.24),
        Disc("leaf", x + size * 0.24, y - size * 0.54, size * 0.24),
    )


def _house(x: float, y: float, width: float, height: float, colour: str) -> tuple[Part, ...]:
    """An old house with windows, by its lower left corner."""
    wall: list[Part] = [Box(colour, x, y - height, width, height)]
    for row in range(int(height // 11)):
        for column in range(int(width // 11)):
            left, top = x + 4 + column * 11, y - height + 4 + row * 11
            wall.append(Box("sky", left, top, 5, 6))
    return tuple(wall)


def _car(x: float, y: float, colour: str) -> tuple[Part, ...]:
    """A car seen from above, by its upper left corner."""
    return (
        Box(colour, x, y + 2, 12, 19), Disc(colour, x + 6, y + 4, 6), Disc(colour, x + 6, y + 19, 6),
        Box("sky", x + 2, y + 6, 8, 4), Box("sky", x + 2, y + 17, 8, 3),
    )  # fmt: skip


def _person(x: float, y: float, colour: str, size: float = 1) -> tuple[Part, ...]:
    """Somebody sitting or standing, to the waist, by the middle of the lower edge."""
    return (
        Disc(colour, x, y - 1 * size, 6 * size),
        Box("sand", x - 7 * size, y, 14 * size, 6 * size),
        Disc("rose", x, y - 10 * size, 3.6 * size),
    )


def _flower(x: float, y: float, colour: str) -> tuple[Part, ...]:
    """A flower by its middle."""
    around = ((-2, 0), (2, 0), (0, -2), (0, 2))
    return (*(Disc(colour, x + dx, y + dy, 2) for dx, dy in around), Disc("wood", x, y, 1.4))


_BOOKS = ("red", "water", "gold", "leaf", "rose")
_BENCH: tuple[Part, ...] = (
    Box("wood", 14, 50, 30, 3), Box("wood", 14, 43, 30, 3), Box("ink", 17, 46, 2, 14),
    Box("ink", 39, 46, 2, 14),
)  # fmt: skip

_SCENES: dict[str, tuple[str, tuple[Part, ...]]] = {
    "小区主路加装太阳能路灯": ("dusk", (
        *_house(4, 60, 30, 40, "ink"), Box("road", 0, 60, 96, 12), Box("gold", 8, 35, 5, 6),
        Shape("gold", ((62, 19), (42, 60), (90, 60), (74, 19))), Disc("paper", 68, 19, 5),
        Box("stone", 66, 14, 2.4, 46), Shape("water", ((56, 12), (80, 6), (82, 9), (58, 15))),
        Box("white", 6, 65, 14, 1.5), Box("white", 38, 65, 14, 1.5), Box("white", 70, 65, 14, 1.5),
    )),
    "单元门口修无障碍坡道": ("sand", (
        Box("stone", 0, 60, 96, 12), Box("paper", 52, 10, 36, 50), Box("red", 60, 20, 18, 28),
        Box("sky", 63, 24, 5, 12), Box("sky", 70, 24, 5, 12), Box("road", 52, 48, 44, 12),
        Shape("road", ((6, 60), (52, 48), (52, 60))),
        Shape("ink", ((8, 46), (54, 33), (54, 35), (8, 48))),
        Box("ink", 10, 47, 1.6, 12), Box("ink", 30, 41, 1.6, 13), Box("ink", 51, 35, 1.6, 14),
    )),
    "重新划停车位": ("road", (
        *(Box("white", 6 + 21 * n, 8, 1.6, 34) for n in range(5)), Box("white", 6, 8, 86, 1.6),
        *_car(11, 13, "red"), *_car(32, 13, "water"), *_car(74, 13, "gold"),
        Box("gold", 0, 58, 20, 2), Box("gold", 30, 58, 20, 2), Box("gold", 60, 58, 20, 2),
        Shape("white", ((56, 20), (61, 20), (61, 34), (56, 34))), Disc("white", 61, 24, 4.4),
        Disc("road", 61, 24, 2), Box("road", 55, 19, 1, 1),
    )),
    "电动自行车充电棚": ("sky", (
        Box("stone", 0, 60, 96, 12), Shape("red", ((8, 16), (84, 10), (90, 18), (10, 24))),
        Box("ink", 14, 22, 2.4, 38), Box("ink", 80, 18, 2.4, 42),
        Box("paper", 24, 28, 8, 11), Box("paper", 60, 28, 8, 11),
        Shape("gold", ((29, 29), (26, 34), (28, 34), (27, 38), (30.5, 33), (28.5, 33))),
        Shape("gold", ((65, 29), (62, 34), (64, 34), (63, 38), (66.5, 33), (64.5, 33))),
        *(part for x in (22, 56) for part in (
            Disc("ink", x, 56, 6), Disc("sky", x, 56, 3.6), Disc("ink", x + 20, 56, 6),
            Disc("sky", x + 20, 56, 3.6),
            Shape("leaf", ((x, 55), (x + 6, 46), (x + 14, 47), (x + 20, 55))),
            Box("ink", x + 4, 42, 6, 2), Box("ink", x + 15, 38, 2, 10), Box("ink", x + 12, 38, 6, 2),
        )),
    )),
    "休闲小广场": ("sky", (
        Disc("leaf", 20, 66, 26), Disc("leaf", 84, 70, 26), Box("sand", 0, 58, 96, 14), *_tree(72, 60, 52),
        *_BENCH, *_person(24, 48, "red", 0.9), *_person(36, 48, "water", 0.9), Box("wood", 14, 50, 30, 3),
        Disc("gold", 14, 14, 6),
    )),
    "垃圾分类投放亭": ("sand", (
        Box("stone", 0, 60, 96, 12), Box("paper", 10, 22, 76, 38),
        Shape("leaf", ((4, 22), (14, 10), (82, 10), (92, 22))),
        *(part for x, colour in ((15, "water"), (33, "red"), (51, "leaf"), (69, "ink")) for part in (
            Box(colour, x, 34, 13, 26), Box("white", x + 3, 38, 7, 3), Disc("white", x + 6.5, 50, 3),
        )),
    )),
    "绿地补种和修剪": ("sky", (
        Disc("leaf", 30, 92, 46), Disc("leaf", 82, 96, 44), *_tree(24, 54, 44), *_tree(52, 52, 32),
        *_flower(64, 60, "red"), *_flower(74, 57, "gold"), *_flower(84, 61, "rose"),
        *_flower(69, 66, "white"), *_flower(80, 67, "red"), *_flower(12, 64, "gold"),
        *_flower(40, 66, "rose"),
    )),
    "儿童滑梯和沙池": ("sky", (
        Disc("leaf", 86, 62, 22), Box("leaf", 0, 56, 96, 16),
        Shape("sand", ((40, 60), (92, 60), (84, 70), (32, 70))),
        Box("ink", 18, 24, 2.4, 38), Box("ink", 32, 24, 2.4, 38),
        *(Box("ink", 19, 30 + 7 * n, 14, 1.8) for n in range(4)), Box("gold", 14, 22, 24, 4),
        Shape("red", ((36, 22), (40, 20), (74, 58), (84, 58), (84, 62), (70, 62))),
        Shape("red", ((12, 16), (26, 6), (40, 16))), Box("ink", 14, 15, 1.8, 8), Box("ink", 36, 15, 1.8, 8),
    )),
    "健身器材更新": ("sky", (
        Disc("leaf", 16, 66, 22), Box("leaf", 0, 58, 96, 14),
        Box("water", 12, 20, 3, 42), Box("water", 40, 20, 3, 42), Box("water", 10, 18, 35, 3),
        Box("red", 24, 21, 1.6, 16), Box("red", 30, 21, 1.6, 16), Box("gold", 22, 36, 12, 2.6),
        Box("water", 68, 30, 3, 32), Disc("red", 69.5, 28, 13), Disc("sky", 69.5, 28, 10),
        Box("red", 68.5, 16, 2, 24), Box("red", 57, 27, 25, 2), Disc("gold", 69.5, 28, 3),
    )),
    "晾衣架统一安装": ("sky", (
        Disc("gold", 82, 12, 6), Box("leaf", 0, 60, 96, 12),
        Box("stone", 10, 16, 2.6, 46), Box("stone", 84, 16, 2.6, 46),
        Box("stone", 6, 18, 84, 1.4), Box("red", 18, 20, 22, 28), Box("paper", 22, 24, 14, 20),
        Shape("water", (
            (48, 20), (60, 20), (66, 27), (62, 30), (60, 28), (60, 42), (48, 42), (48, 28), (46, 30),
            (42, 27),
        )),
        Shape("rose", ((70, 20), (80, 20), (80, 46), (76, 46), (75, 30), (74, 46), (70, 46))),
    )),
    "消防栓和灭火器补齐": ("sand", (
        Box("stone", 0, 62, 96, 10), Box("paper", 50, 16, 34, 34), Box("red", 53, 19, 28, 28),
        Disc("paper", 67, 33, 9), Disc("red", 67, 33, 6), Box("paper", 65, 24, 4, 10),
        Box("red", 18, 30, 18, 32), Disc("red", 27, 30, 9), Box("ink", 24, 15, 6, 7),
        Shape("ink", ((22, 13), (40, 9), (40, 12), (24, 17))), Box("paper", 20, 40, 14, 12),
        Shape("ink", ((30, 18), (42, 22), (42, 40), (39.6, 40), (39.6, 24), (30, 21))),
    )),
    "邻里阅览角": ("sand", (
        Box("wood", 8, 8, 52, 3), Box("wood", 8, 30, 52, 3), Box("wood", 8, 52, 52, 3),
        Box("wood", 6, 8, 3, 56), Box("wood", 59, 8, 3, 56),
        *(Box(_BOOKS[n % 5], 11 + 5.2 * n, 15 + n % 3, 4.2, 15 - n % 3) for n in range(9)),
        *(Box(_BOOKS[n * 3 % 5], 11 + 5.2 * n, 36 + n % 2, 4.2, 16 - n % 2) for n in range(8)),
        Box("ink", 78, 30, 2, 32), Shape("gold", ((68, 30), (74, 18), (84, 18), (90, 30))),
        Box("ink", 70, 62, 18, 2.4), Box("stone", 0, 64, 96, 8),
    )),
    "老年食堂助餐": ("paper", (
        Box("wood", 0, 58, 96, 14), Disc("red", 48, 40, 24), Box("paper", 20, 14, 56, 26),
        Box("white", 22, 38, 52, 4),
        Disc("white", 40, 38, 8), Disc("white", 54, 37, 9), Box("red", 38, 58, 20, 4),
        *(Disc("stone", x, y, 1.6) for x in (36, 48, 60) for y in (12, 16, 20, 24)),
        Shape("wood", ((74, 16), (77, 17), (64, 40), (61, 40))),
        Shape("wood", ((81, 19), (84, 20), (68, 42), (65, 41))),
    )),
    "夏夜露天电影": ("dusk", (
        Disc("gold", 84, 12, 6), Disc("dusk", 81, 10, 6), Box("ink", 12, 8, 66, 38),
        Box("paper", 15, 11, 60, 32),
        Shape("water", ((15, 43), (15, 34), (34, 22), (50, 36), (60, 28), (75, 40), (75, 43))),
        Disc("gold", 62, 20, 4), Box("ink", 0, 60, 96, 12),
        *(part for x, colour in ((18, "red"), (38, "leaf"), (58, "rose"), (78, "water")) for part in (
            Disc(colour, x, 63, 8), Disc("ink", x, 50, 5), Box("ink", x - 9, 66, 18, 8),
        )),
    )),
    # Not works: what a photograph would show beside them.
    "施工前": ("stone", (
        Box("road", 0, 44, 96, 28), *_house(6, 44, 34, 32, "sand"), *_house(52, 44, 38, 26, "sand"),
        Shape("ink", ((10, 54), (26, 50), (38, 56), (30, 62), (14, 61))),
        Shape("ink", ((52, 60), (66, 55), (82, 60), (74, 68), (58, 67))),
        Box("ink", 0, 30, 96, 0.8), Box("ink", 0, 26, 96, 0.6), Disc("wood", 44, 66, 3),
    )),
    "施工中": ("sky", (
        Box("sand", 0, 56, 96, 16), *_house(8, 56, 30, 40, "paper"),
        *(Box("gold" if n % 2 else "ink", 12 * n, 44, 12, 16) for n in range(8)),
        Shape("red", ((60, 44), (66, 26), (72, 44))), Box("white", 62, 38, 8, 2.4),
        *_person(48, 44, "gold", 0.8), *_person(82, 44, "red", 0.8),
    )),
    "完工后": ("sky", (
        Box("sand", 0, 54, 96, 18), *_house(10, 54, 34, 36, "paper"), *_tree(66, 56, 40),
        *_tree(86, 56, 30), Box("white", 0, 62, 96, 1.4), Disc("gold", 84, 12, 6),
    )),
    "公示栏": ("stone", (
        Box("leaf", 0, 60, 96, 12), Box("wood", 10, 12, 76, 40), Box("paper", 14, 16, 68, 32),
        Box("wood", 18, 52, 4, 16), Box("wood", 74, 52, 4, 16), Box("white", 34, 18, 28, 28),
        Box("red", 38, 20, 20, 3), *(Box("ink", 38, 26 + 4 * n, 20, 1) for n in range(4)),
        Disc("red", 56, 41, 3), Box("sand", 18, 20, 12, 20), Box("sand", 66, 20, 12, 20),
    )),
    "合同": ("road", (
        Box("white", 24, 4, 48, 64), Box("ink", 36, 10, 24, 3),
        *(Box("stone", 30, 20 + 5 * n, 36, 1.4) for n in range(6)), Disc("red", 56, 56, 6),
        Disc("white", 56, 56, 4.6), Disc("red", 56, 56, 1.6), Box("ink", 30, 56, 14, 1),
    )),
}  # fmt: skip


def picture_of(title: str) -> bytes | None:
    """Return the drawing of a work as PNG, if there is one."""
    scene = _SCENES.get(title)
    return draw(*scene) if scene else None
