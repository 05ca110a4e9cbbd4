"""Cut Inter down to what the pages print; run it by hand: pip install fonttools brotli."""

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


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for cut_name, (cut_source, cut_points, cut_features) in CUTS.items():
        written = cut(cut_name, cut_source, cut_points, cut_features)
        print(written.name, written.stat().st_size)
