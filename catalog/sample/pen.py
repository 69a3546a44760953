"""A pen for flat pictures: shapes in units of 600, drawn four times as large, scaled down."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter

SIZE = 600
_SCALE = 4
Colour = tuple[int, int, int]
Point = tuple[float, float]


class Sheet:
    """A picture in units of its 600 pixels."""

    def __init__(self, ground: Colour) -> None:
        side = SIZE * _SCALE
        self.image = Image.new("RGB", (side, side), ground)
        self._shadow(ground)
        self.pen = ImageDraw.Draw(self.image)

    def _shadow(self, ground: Colour) -> None:
        """A disc of light behind, a soft shadow on the floor."""
        side = SIZE * _SCALE
        light = Image.new("L", (side, side), 0)
        ImageDraw.Draw(light).ellipse(self._box(60, 50, 540, 530), fill=90)
        light = light.filter(ImageFilter.GaussianBlur(2 * _SCALE))
        self.image.paste((255, 255, 255), mask=light)
        dark = Image.new("L", (side, side), 0)
        ImageDraw.Draw(dark).ellipse(self._box(140, 492, 460, 536), fill=70)
        dark = dark.filter(ImageFilter.GaussianBlur(9 * _SCALE))
        tone = tuple(int(channel * 0.55) for channel in ground)
        self.image.paste(tone, mask=dark)

    @staticmethod
    def _box(*values: float) -> tuple[float, ...]:
        return tuple(value * _SCALE for value in values)

    def _at(self, points: Sequence[Point]) -> list[Point]:
        return [(x * _SCALE, y * _SCALE) for x, y in points]

    def box(self, a: float, b: float, c: float, d: float, fill: Colour, r: float = 0) -> None:
        self.pen.rounded_rectangle(self._box(a, b, c, d), r * _SCALE, fill=fill)

    def oval(self, a: float, b: float, c: float, d: float, fill: Colour) -> None:
        self.pen.ellipse(self._box(a, b, c, d), fill=fill)

    def arc(self, a: float, b: float, c: float, d: float, fill: Colour, width: float) -> None:
        """The top quarter of an oval's outline."""
        box = self._box(a, b, c, d)
        self.pen.arc(box, 225, 315, fill=fill, width=int(width * _SCALE))

    def ring(self, a: float, b: float, c: float, d: float, fill: Colour, width: float) -> None:
        self.pen.ellipse(self._box(a, b, c, d), outline=fill, width=int(width * _SCALE))

    def shape(self, points: Sequence[Point], fill: Colour) -> None:
        self.pen.polygon(self._at(points), fill=fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """With round ends and corners."""
        at, half = self._at(points), width * _SCALE / 2
        self.pen.line(at, fill=fill, width=int(width * _SCALE), joint="curve")
        for x, y in (at[0], at[-1]):
            self.pen.ellipse((x - half, y - half, x + half, y + half), fill=fill)

    def curve(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """A smooth line through the points."""
        self.line(smooth(points), fill, width)

    def blob(self, points: Sequence[Point], fill: Colour) -> None:
        """A smooth closed shape through the points."""
        self.shape(smooth([*points, points[0]], closed=True), fill)

    def done(self) -> Image.Image:
        return self.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def smooth(points: Sequence[Point], *, closed: bool = False) -> list[Point]:
    """Catmull-Rom through the points, 16 steps between two."""
    p = list(points)
    ends = [p[-2], *p, p[1]] if closed else [p[0], *p, p[-1]]
    out: list[Point] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(17):
            t = step / 16
            out.append(tuple(_spline(*axis, t) for axis in zip(a, b, c, d, strict=True)))  # type: ignore[arg-type]
    return out


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
