"""Cut Inter down to what pages and documents show; run it by hand: pip install fonttools brotli."""

from importlib.util import find_spec
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent
SOURCE = HERE / "node_modules/@fontsource-variable/inter/files"
TARGET = HERE.parent / "static/fonts"
WEIGHTS = (400, 700)

LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "–—‘’“”…•·−×œŒ€™")]
NAIRA = list(map(ord, "₦ṢṣṄṅƁɓƊɗƘƙƳƴŃńǸǹ"))
YORUBA_IGBO = [*map(ord, "ẸẹỌọỊịỤụ"), 0x300, 0x301, 0x323]

CUTS = {
    "inter-latin": ("inter-latin-wght-normal.woff2", LATIN, ["kern", "tnum", "ccmp", "locl"]),
    "inter-naira": ("inter-latin-ext-wght-normal.woff2", NAIRA, ["kern", "tnum", "ccmp", "mark"]),
    "inter-yoruba-igbo": (
        "inter-vietnamese-wght-normal.woff2",
        YORUBA_IGBO,
        ["kern", "ccmp", "mark", "mkmk"],
    ),
}


def cut(name: str, source: str, codepoints: list[int], features: list[str]) -> Path:
    """Write one subset and return its path."""
    font = TTFont(SOURCE / source)
    options = subset.Options(flavor="woff2", layout_features=features, hinting=False, notdef_outline=True)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=codepoints)
    worker.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    font.flavor = "woff2"
    path = TARGET / f"{name}.woff2"
    font.save(path)
    return path


# Letters of the languages of Africa and Europe, with marks that are set over and under them; for names of any buyer.
PRINTED = [
    *(*range(0x20, 0x7F), *range(0xA0, 0x370), *range(0x370, 0x400), *range(0x400, 0x530), *range(0x1E00, 0x1F00)),
    *(*range(0x2000, 0x2070), *range(0x20A0, 0x20C1), 0x2212, 0x25A1),
]
PRINTED_TARGET = HERE.parents[2] / "checkout/documents/typeface"


def cut_for_print(weight: str) -> Path:
    """Write one weight of the static font that django-unfold brings, as the TrueType file that documents embed."""
    spec = find_spec("unfold")
    if spec is None or spec.origin is None:
        raise SystemExit("Run it with the market's dependencies.")
    font = TTFont(Path(spec.origin).parent / f"static/unfold/fonts/inter/Inter-{weight}.woff2")
    # The names of glyphs stay: marks are placed by them.
    options = subset.Options(
        layout_features=["kern", "mark", "mkmk", "ccmp"], hinting=False, notdef_outline=True, glyph_names=True
    )
    worker = subset.Subsetter(options)
    worker.populate(unicodes=PRINTED)
    worker.subset(font)
    font.flavor = None
    path = PRINTED_TARGET / f"Inter-{weight}.ttf"
    font.save(path)
    return path


if __name__ == "__main__":
    for printed_weight in ("Regular", "SemiBold"):
        written = cut_for_print(printed_weight)
        print(written.name, written.stat().st_size)
    TARGET.mkdir(parents=True, exist_ok=True)
    for cut_name, (cut_source, cut_points, cut_features) in CUTS.items():
        written = cut(cut_name, cut_source, cut_points, cut_features)
        print(written.name, written.stat().st_size)
