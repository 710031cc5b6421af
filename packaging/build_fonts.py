"""Build resources/fonts: Inter as TrueType, which Qt loads on every platform.

The package ships WOFF per script; this joins Latin, extended Latin, Greek and Cyrillic
of the four weights the window uses, and cuts two to what reports carry. Run with
what ``npm pack @fontsource/inter@5.3.0`` fetched, with fontTools installed; without an
argument only the fonts of reports are made anew.
"""

from __future__ import annotations

import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
SCRIPTS = ("latin", "latin-ext", "greek", "cyrillic")
GOAL = Path(__file__).resolve().parent.parent / "resources" / "fonts"
REPORT_GOAL = GOAL.with_name("report")
REPORT_STYLES = ("Regular", "SemiBold")
REPORT_LETTERS = (
    "U+0020-024F,U+0370-03FF,U+0400-045F,U+2000-206F,U+20AC,U+2190-2193,U+2212"
)


def build(package: Path) -> None:
    """Write one TrueType file per weight and the licence."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(package) as archive:
        archive.extractall(folder, filter="data")
        files = Path(folder) / "package" / "files"
        for weight, style in WEIGHTS.items():
            parts = []
            for script in SCRIPTS:
                font = TTFont(files / f"inter-{script}-{weight}-normal.woff")
                font.flavor = None
                part = Path(folder) / f"{script}-{weight}.ttf"
                font.save(part)
                parts.append(str(part))
            merged = Merger().merge(parts)
            _name(merged, weight, style)
            _leave_hyphens(merged)
            merged.save(GOAL / f"Inter-{style}.ttf")
        licence = (Path(folder) / "package" / "LICENSE").read_bytes()
        (GOAL / "LICENSE.OFL.txt").write_bytes(licence)


def build_for_reports() -> None:
    """Write WOFF files with the letters of European names, numbers in columns kept."""
    options = subset.Options(flavor="woff", layout_features=["kern", "tnum", "ccmp"])
    for style in REPORT_STYLES:
        font = subset.load_font(str(GOAL / f"Inter-{style}.ttf"), options)
        cut = subset.Subsetter(options)
        cut.populate(unicodes=subset.parse_unicodes(REPORT_LETTERS))
        cut.subset(font)
        subset.save_font(font, str(REPORT_GOAL / f"Inter-{style}.woff"), options)


def _leave_hyphens(font: TTFont) -> None:
    """Let digits alone be of one width: a hyphen that wide falls out of its word."""
    table = font["GSUB"].table
    features = [r.Feature for r in table.FeatureList.FeatureRecord]
    tags = [r.FeatureTag for r in table.FeatureList.FeatureRecord]
    for feature, tag in zip(features, tags, strict=True):
        for index in feature.LookupListIndex if tag == "tnum" else ():
            for part in table.LookupList.Lookup[index].SubTable:
                for glyph in ("hyphen", "hyphen.case"):
                    getattr(part, "ExtSubTable", part).mapping.pop(glyph, None)


def _name(font: TTFont, weight: int, style: str) -> None:
    """Give all weights one typographic family, so that Qt picks by weight."""
    names = font["name"]
    names.names = [n for n in names.names if n.nameID in {0, 5, 13, 14}]
    legacy = "Inter" if style in {"Regular", "Bold"} else f"Inter {style}"
    sub = style if style in {"Regular", "Bold"} else "Regular"
    for name_id, text in (
        (1, legacy),
        (2, sub),
        (3, f"Inter {style} HPE Studio"),
        (4, f"Inter {style}"),
        (6, f"Inter-{style}"),
        (16, "Inter"),
        (17, style),
    ):
        names.setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight


if __name__ == "__main__":
    if sys.argv[1:]:
        build(Path(sys.argv[1]))
    build_for_reports()
