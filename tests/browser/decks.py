"""Look at decks as a hall does: ``python tests/browser/decks.py build/slides [1280x720]``.

Prints for each deck its slides, those that hold more than they show, the smallest letters in words
and in pictures (in pixels of a slide 720 high), and what it asks of other addresses.
"""

import sys
from pathlib import Path

import lab

LOOK = """() => {
  const slide = Reveal.getCurrentSlide();
  const seen = (part) => part.getClientRects().length > 0;
  const words = (part) => [...part.childNodes].some((c) => c.nodeType === 3 && c.data.trim());
  const zoom = Number(slide.style.zoom || 1);
  const own = [...slide.querySelectorAll(":not(aside, aside *, mjx-container *, svg *, sub, sup)")];
  const letters = own.filter((part) => seen(part) && words(part))
    .map((part) => zoom * parseFloat(getComputedStyle(part).fontSize));
  const pictures = own.filter((part) => part.shadowRoot).map((part) => part.shadowRoot)
    .concat([slide]).flatMap((root) => [...root.querySelectorAll("svg text")]);
  const grown = ({ a, b }) => Math.hypot(a, b) / Reveal.getScale();
  const drawn = pictures.filter(seen)
    .map((part) => parseFloat(getComputedStyle(part).fontSize) * grown(part.getScreenCTM()));
  return {
    over: slide.scrollHeight - slide.clientHeight,
    wide: slide.scrollWidth - slide.clientWidth,
    letters: Math.min(...letters),
    drawn: Math.min(...drawn),
    widgets: slide.querySelectorAll(".clusterlab-explorer").length,
  };
}"""

#: The pictures of the slide have come.
DRAWN = """() => [...Reveal.getCurrentSlide().querySelectorAll(
  ".clusterlab-explorer > .clusterlab-picture")].every((part) => part.shadowRoot.querySelector("svg"))"""


def opened(page, deck: Path) -> None:
    """Open a deck from its folder and wait until it stands."""
    page.goto(deck.resolve().as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady() && MathJax.startup")
    page.evaluate("MathJax.startup.promise.then(() => null)")
    page.wait_for_function("!document.querySelector('.clusterlab-live') || window.clusterlabStore")


def slides(page):
    """Go through the slides of an open deck, each with all its parts; yields what LOOK finds."""
    for at in page.evaluate("Reveal.getSlides().map((slide) => Reveal.getIndices(slide))"):
        across, down = at["h"], at.get("v") or 0
        page.evaluate(f"Reveal.slide({across}, {down}, 99)")
        page.wait_for_function(DRAWN)
        yield f"{across}/{down}", page.evaluate(LOOK)


def main(folder: Path, size: str = "1280x720") -> None:
    """Print what was found in the decks of a folder."""
    width, height = map(int, size.split("x"))
    with lab.browser_page(width, height) as (page, outside):
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        for deck in sorted(folder.glob("[0-9]*.html")):
            opened(page, deck)
            found = dict(slides(page))
            letters, drawn = (
                min(each[k] or 99 for each in found.values()) for k in ("letters", "drawn")
            )
            over = {at: each["over"] for at, each in found.items() if each["over"] > 1}
            over |= {at: f"{each['wide']} wide" for at, each in found.items() if each["wide"] > 1}
            print(
                f"{deck.stem}: {len(found)} slides, letters {letters:.1f}, drawn {drawn:.1f}", over
            )
        print("asked of other addresses:", [url for url in outside if not url.startswith("file:")])
        print("errors:", faults)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
