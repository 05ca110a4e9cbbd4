"""The drawing board: polygons in units of 0 to 100, shaded along their right edge, smoothed by oversampling."""

from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from demo.art.palettes import INK, WHITE, Colour, Palette, darker, lighter
from demo.art.paths import Point, Shape, ellipse
from demo.art.patterns import pattern_image

GROUND = 80.0
HORIZON = 72.0
OVERSAMPLE = 2
RIM = (4.5, 6.0, 91.0)
_BLUR_SCALE = 8


class Canvas:
    """One picture in the making."""

    def __init__(self, *, palette: Palette, seed: int, size: int = 800) -> None:
        """Prepare a board for a square picture of `size` pixels."""
        self.palette = palette
        self.rng = Random(seed)  # noqa: S311
        self.size = size
        self.pixels = size * OVERSAMPLE
        self.unit = self.pixels / 100
        self.image = Image.new("RGB", (self.pixels, self.pixels), palette.wall)

    def pattern(self, *names: str) -> str:
        """Choose one of the named patterns by the seed."""
        return self.rng.choice(names)

    def scene(self, *, sun: bool = True) -> None:
        """Paint the wall, the sun behind the goods and the table."""
        if sun:
            self.fill(ellipse(50, 47, 36), lighter(self.palette.wall, 0.45), shade=0)
        self.fill([(0, HORIZON), (100, HORIZON), (100, 100), (0, 100)], self.palette.floor, shade=0)

    def ground(self, cx: float = 50.0, width: float = 50.0, y: float = GROUND) -> None:
        """Lay a soft shadow on the table under the goods."""
        self.blur(ellipse(cx + 1.5, y, width / 2, max(width * 0.055, 1.8)), darker(self.palette.floor, 0.75), 0.42, 1.1)

    def blur(self, shape: Shape, colour: Colour, alpha: float, radius: float) -> None:
        """Fill a shape with soft edges; drawn small and enlarged, for speed."""
        small = self.pixels // _BLUR_SCALE
        scale = small / 100
        mask = Image.new("L", (small, small), 0)
        ImageDraw.Draw(mask).polygon([(x * scale, y * scale) for x, y in shape], fill=round(255 * alpha))
        mask = mask.filter(ImageFilter.GaussianBlur(radius * scale))
        bounds = mask.getbbox()
        if bounds is None:
            return
        left, top, right, bottom = bounds
        size = ((right - left) * _BLUR_SCALE, (bottom - top) * _BLUR_SCALE)
        soft = mask.crop(bounds).resize(size, Image.Resampling.BILINEAR)
        self.image.paste(colour, (left * _BLUR_SCALE, top * _BLUR_SCALE), soft)

    def fill(
        self,
        shape: Shape,
        colour: Colour,
        *,
        pattern: str = "",
        palette: Palette | None = None,
        shade: float = 1.0,
        within: Shape | None = None,
        holes: Sequence[Shape] = (),
        alpha: float = 1.0,
    ) -> None:
        """Fill a shape with a colour or a pattern, then shade its right edge and light its left.

        Args:
            shade: strength of the modelling; 0 leaves the shape flat.
            within: paint only what also lies in this shape.
            holes: shapes left open.
        """
        mask, corner = self._mask(shape, holes)
        if mask is None:
            return
        if within is not None:
            mask = ImageChops.multiply(mask, self._mask_in(within, corner, mask.size))
        paint = mask if alpha >= 1 else mask.point(lambda value: round(value * alpha))
        if pattern:
            source = pattern_image(
                pattern,
                mask.size,
                unit=self.unit,
                palette=palette or self.palette,
                rng=Random(self.rng.random()),  # noqa: S311
            )
            self.image.paste(source, corner, paint)
        else:
            self.image.paste(colour, corner, paint)
        if shade > 0:
            self._model(mask, corner, shade)

    def model(self, shape: Shape, strength: float = 1.0) -> None:
        """Shade a shape that is already painted."""
        mask, corner = self._mask(shape, ())
        if mask is not None:
            self._model(mask, corner, strength)

    def _model(self, mask: Image.Image, corner: tuple[int, int], strength: float) -> None:
        """Darken the inner right edge of a mask and light the inner left one."""
        reach = min(mask.size) / self.unit
        right = min(reach * 0.16, 6.0) * self.unit
        left = min(reach * 0.05, 1.4) * self.unit
        dark = ImageChops.subtract(mask, _shifted(mask, -right, -right * 0.12))
        light = ImageChops.subtract(mask, _shifted(mask, left, left * 0.7))
        self.image.paste(INK, corner, dark.point(lambda value: round(value * min(0.15 * strength, 1))))
        self.image.paste(WHITE, corner, light.point(lambda value: round(value * min(0.24 * strength, 1))))

    def line(
        self, points: Sequence[Point], colour: Colour, width: float, *, within: Shape | None = None, alpha: float = 1.0
    ) -> None:
        """Draw a line with round ends and joints."""
        unit, half = self.unit, width / 2
        xs, ys = [x for x, _ in points], [y for _, y in points]
        x0, y0 = int((min(xs) - half) * unit) - 2, int((min(ys) - half) * unit) - 2
        size = (int((max(xs) + half) * unit) + 3 - x0, int((max(ys) + half) * unit) + 3 - y0)
        mask = Image.new("L", size, 0)
        draw = ImageDraw.Draw(mask)
        flat = [(x * unit - x0, y * unit - y0) for x, y in points]
        value, radius = round(255 * alpha), half * unit
        draw.line(flat, fill=value, width=max(round(width * unit), 1), joint="curve")
        for x, y in (flat[0], flat[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=value)
        if within is not None:
            mask = ImageChops.multiply(mask, self._mask_in(within, (x0, y0), size))
        self.image.paste(colour, (x0, y0), mask)

    def finish(self) -> Image.Image:
        """Crop the board's rim and scale it down to the picture."""
        left, top, side = (round(edge * self.unit) for edge in RIM)
        return self.image.resize(
            (self.size, self.size), Image.Resampling.HAMMING, box=(left, top, left + side, top + side)
        )

    def _mask(self, shape: Shape, holes: Sequence[Shape]) -> tuple[Image.Image | None, tuple[int, int]]:
        unit = self.unit
        xs, ys = [x for x, _ in shape], [y for _, y in shape]
        x0, y0 = int(min(xs) * unit) - 1, int(min(ys) * unit) - 1
        size = (int(max(xs) * unit) + 2 - x0, int(max(ys) * unit) + 2 - y0)
        if min(size) < 1:
            return None, (x0, y0)
        mask = self._mask_in(shape, (x0, y0), size)
        for hole in holes:
            mask = ImageChops.subtract(mask, self._mask_in(hole, (x0, y0), size))
        return mask, (x0, y0)

    def _mask_in(self, shape: Shape, corner: tuple[int, int], size: tuple[int, int]) -> Image.Image:
        mask = Image.new("L", size, 0)
        points = [(x * self.unit - corner[0], y * self.unit - corner[1]) for x, y in shape]
        ImageDraw.Draw(mask).polygon(points, fill=255)
        return mask


def _shifted(mask: Image.Image, dx: float, dy: float) -> Image.Image:
    moved = Image.new("L", mask.size, 0)
    moved.paste(mask, (round(dx), round(dy)))
    return moved
