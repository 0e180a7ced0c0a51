"""Can everyone use a page? ``python tests/browser/everyone.py build/site [PAGE ...]`` asks each of a site.

Every page is opened in headless Chromium, wide and on a phone, light and dark, and asked by axe-core
and by what axe does not see: whether letters in pictures stand out from their ground, whether Tab
comes to every control, is seen there and the control's keys do something, whether the page keeps to
its width on a phone and with everything or only the letters at twice the size, whether pictures have
words, whether things stand still for those who ask for it, whether anything is asked of another
address or goes wrong in a script. A table says how many faults of each kind a page has, and below it
stands what they are; the exit status is 1 where there are any.

Where a notebook is named in the site's place (``03_agglomeration/1_what_is_a_share_worth.ipynb``) it
is run in JupyterLab, and axe asks its widgets; JupyterLab's own faults are told apart. Where none of
both is named, axe-core is brought for the tests, and that is all.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lab import ROOT, browser_page, jupyter_lab, run_all

sys.path.insert(0, str(ROOT / "site"))

import npm

#: Never kept in the repository: axe-core comes from npm when it is wanted.
PACKAGES = {"axe-core": ("4.14.1", ("axe.min.js", "LICENSE"))}
BROUGHT = ROOT / "build" / "npm"
AXE = BROUGHT / "axe-core" / "axe.min.js"
NOT_HERE = "axe-core is not here: `python tests/browser/everyone.py` brings it from npm"
ASKS = Path(__file__).with_suffix(".js")
#: Width and height, and the colours asked for.
LOOKS = {
    "light": ((1280, 800), "light"),
    "dark": ((1280, 800), "dark"),
    "phone": ((420, 860), "light"),
    "dark phone": ((420, 860), "dark"),
}
#: axe's own words for faults that keep somebody out.
GRAVE = ("serious", "critical")
KINDS = ("axe", "letters", "pictures", "keys", "room", "motion", "outside", "errors")
#: So many steps of Tab are enough for any page, the glossary with all its links as well.
STEPS = 2000
Fault = tuple[str, str]


def violations(page, of: str = "html", light: str = "") -> Iterator[Fault]:
    """Yield what axe finds in the parts of a page that a selector names."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.add_script_tag(path=AXE)
    found = page.evaluate(
        "async (of) => (await axe.run({ include: [of] }, { resultTypes: ['violations'], preload: false })).violations",
        of,
    )
    for each in found:
        for node in each["nodes"]:
            where = " ".join(map(str, node["target"]))
            kind = "axe" if each["impact"] in GRAVE else "minor"
            data = next((some["data"] for some in node["any"] if some.get("data")), None) or {}
            ratio = f" ({data['contrastRatio']})" if "contrastRatio" in data else ""
            yield kind, f"{light}{each['impact']}: {each['id']}{ratio}: {where}"


def open_page(page, address: str) -> None:
    """Open a page and wait until its widgets and formulas stand."""
    page.goto(address)
    page.wait_for_load_state("load")
    page.evaluate("async () => { await window.MathJax?.startup?.promise; }")
    page.add_script_tag(path=ASKS)


def walk(page) -> Iterator[Fault]:
    """Go through a page by Tab, and yield what cannot be seen, reached or moved."""
    page.evaluate("everyone.begin()")
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        stop = page.evaluate("everyone.here()")
        if stop is None:
            break
        yield from (("keys", fault) for fault in stop["found"])
        for number, key in enumerate(stop["keys"]):
            page.keyboard.press(key)
            if not page.evaluate("everyone.changed", stop["state"]) and number == 0:
                yield "keys", f"{stop['name']}: {key} does nothing"
    yield from (("keys", fault) for fault in page.evaluate("everyone.missed()"))


def faults(addresses: list[str]) -> list[set[Fault]]:
    """Return what is wrong with each page, every fault with its kind."""
    found: list[set[Fault]] = [set() for _ in addresses]
    for look, (size, scheme) in LOOKS.items():
        with browser_page(*size, color_scheme=scheme, reduced_motion="reduce") as (page, outside):
            said: list[str] = []
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            page.on("console", lambda m, said=said: m.type == "error" and said.append(m.text))
            for address, faulty in zip(addresses, found, strict=True):
                faulty.update(looked_at(page, address, look))
                faulty.update(("outside", url) for url in outside)
                faulty.update(("errors", each) for each in said)
                outside.clear()
                said.clear()
    return found


def looked_at(page, address: str, look: str) -> Iterator[Fault]:
    """Yield what is wrong with a page in one of its looks."""

    def ask(kind: str, *questions: str, at: str = look) -> Iterator[Fault]:
        for question in questions:
            yield from ((kind, f"{at}: {said}") for said in page.evaluate(f"everyone.{question}()"))

    open_page(page, address)
    yield from violations(page, light=f"{look}: ")
    yield from ask("letters", "letters")
    yield from ask("room", "wide", "crowded")
    if look != "light":
        return
    yield from ask("pictures", "pictures")
    yield from ask("motion", "motion")
    page.evaluate("everyone.letterSizes()")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    yield from ask("room", "letterSizes", "wide", "crowded", at="letters of 200 %")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 640, "height": 400})
    yield from ask("room", "wide", "crowded", at="all at 200 %")
    page.set_viewport_size({"width": 1280, "height": 800})
    yield from walk(page)


def tell(asked: dict[str, set[Fault]]) -> int:
    """Print a table of pages and their faults, and each fault below; return how many are grave."""
    kinds = (*KINDS, "minor")
    print(f"{'page':60}" + "".join(f"{kind:>9}" for kind in kinds))
    for name, found in asked.items():
        counts = [sum(kind == each for each, _ in found) for kind in kinds]
        print(f"{name[-60:]:60}" + "".join(f"{count:9}" for count in counts))
    pages: dict[Fault, list[str]] = {}
    for name, found in asked.items():
        for fault in found:
            pages.setdefault(fault, []).append(name)
    for (kind, said), names in sorted(pages.items()):
        print(f"{kind}: {said} [{len(names)} pages, as {names[0]}]")
    return sum(kind != "minor" for found in asked.values() for kind, _ in found)


def in_jupyterlab(notebook: str) -> dict[str, set[Fault]]:
    """Return what axe finds in a unit's widgets in JupyterLab, and what it finds beside them."""
    ours = ":is(.clusterlab-explorer, .clusterlab-question, .clusterlab-graph, .clusterlab-course)"
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyter_lab(Path(folder)) as address,
        browser_page() as (page, _),
    ):
        run_all(page, address, notebook)
        page.locator(ours).first.wait_for()
        own = set(violations(page, ours))
        rest = {("JupyterLab's own", said) for _, said in violations(page)} - {
            ("JupyterLab's own", said) for _, said in own
        }
        kinds = {said.split(": ")[1] for _, said in rest}
    print(f"JupyterLab's own: {len(rest)} faults of the kinds {', '.join(sorted(kinds))}")
    return {notebook: own}


def main() -> None:
    """Ask pages of a built site, or a unit in JupyterLab."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="a built site, or a notebook")
    parser.add_argument("pages", nargs="*", help="pages of the site; all by default")
    given = parser.parse_args()
    npm.fetch(PACKAGES, BROUGHT)
    if given.folder is None:
        return
    if given.folder.suffix == ".ipynb":
        sys.exit(tell(in_jupyterlab(given.folder.as_posix())) > 0)
    pages = [given.folder / each for each in given.pages] or sorted(given.folder.rglob("*.html"))
    pages = [each for each in pages if "lite" not in each.relative_to(given.folder).parts]
    names = [each.relative_to(given.folder).as_posix() for each in pages]
    asked = faults([each.resolve().as_uri() for each in pages])
    sys.exit(tell(dict(zip(names, asked, strict=True))) > 0)


if __name__ == "__main__":
    main()
