"""Check the site that was made: ``python site/check.py [FOLDER]``.

Every link and anchor inside it leads somewhere, nothing is loaded from another address, and pages
and site are as small as they should be. Links that leave the site are listed and not followed.
"""

import gzip
import json
import os
import re
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: At most so many megabytes: the site; a page with all it loads, compressed.
SITE, PAGE = 60, 2
#: What other commands put into the site; without it, links there lead nowhere yet.
LATER = ("lite", "slides")
#: Element: the attribute by which it loads something.
_LOADS = {"img": "src", "script": "src", "iframe": "src", "source": "src", "embed": "src"}
_LOADED = {"stylesheet", "preload", "modulepreload", "icon", "prefetch", "preconnect", "manifest"}


class Page(HTMLParser):
    """What a page loads, where it leads and which anchors it has."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.loads: set[str] = set()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.widgets: set[str] = set()
        self.titles = 0
        self.in_head = False
        self.heads: list[str] = []  # what stands above the columns of tables, and before their rows
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element loads, where it leads and its anchor."""
        found = {name: value or "" for name, value in attrs}
        self.titles += tag == "h1"
        self.in_head |= tag == "th"
        if tag == "th":
            self.heads.append("")
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "link":
            loads = _LOADED & set(found.get("rel", "").split())
            (self.loads if loads else self.links).add(found.get("href", ""))
        elif tag in _LOADS and found.get(_LOADS[tag]):
            self.loads.add(found[_LOADS[tag]])
        elif "data-live" in found:
            self.widgets.add(json.loads(found["data-live"])["name"])
        elif tag in ("a", "area") and "href" in found:
            self.links.add(found["href"])
        self.loads |= set(outside_in(found.get("style", "")))

    def handle_data(self, data: str) -> None:
        """Note what the head of a column or row says."""
        if self.in_head:
            self.heads[-1] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        """Note where the head of a column or row ends."""
        self.in_head &= tag != "th"


def outside_in(style: str) -> list[str]:
    """Return what a style loads."""
    found = re.findall(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""", style)
    return [first or second for first, second in found]


def outside(address: str) -> bool:
    """Whether an address leaves the site."""
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data", "mailto", "javascript", "blob")


#: A page is read once, whatever is asked of it.
read = cache(Page)


#: Each file is led to from many places.
is_file = cache(Path.is_file)


def not_yet(site: Path, folder: str) -> bool:
    """Whether a folder is one that other commands build and is not there yet."""
    return folder in LATER and not (site / folder).exists()


def leads(site: Path, page: Path, address: str) -> str:
    """Return what is wrong with an address inside the site, nothing if it leads somewhere."""
    parts = urlsplit(address)
    if parts.scheme or not (parts.path or parts.fragment):
        return ""
    place = Path(os.path.normpath(page.parent / unquote(parts.path))) if parts.path else page
    if not place.is_relative_to(site):
        return f"{address} leaves the site"
    if not is_file(place):
        later = place.relative_to(site).parts[:1]
        return "" if later and not_yet(site, *later) else f"{address} is not there"
    if parts.fragment and place.suffix == ".html":
        fragment = unquote(parts.fragment)
        if fragment not in read(place).anchors:
            return f"{address}: no such anchor"
    return ""


@cache
def compressed(path: Path) -> int:
    """Return the bytes of a file as a server sends it."""
    content = path.read_bytes()
    return len(content if path.suffix in (".woff2", ".png", ".webp") else gzip.compress(content, 6))


def own(site: Path) -> list[Path]:
    """Return the pages of the site that are ours to check, not those of JupyterLite."""
    pages = sorted(site.rglob("*.html"))
    return [path for path in pages if path.relative_to(site).parts[0] not in LATER]


def faults(site: Path) -> list[str]:
    """Return what is wrong with a site."""
    found = []
    for path in own(site):
        page, name = read(path), path.relative_to(site).as_posix()
        found += [f"{name} loads {each}" for each in sorted(page.loads) if outside(each)]
        inside = {each for each in page.loads | page.links if not outside(each)}
        wrong = filter(None, (leads(site, path, each) for each in sorted(inside)))
        found += [f"{name}: {each}" for each in wrong]
        if page.titles != 1:
            found.append(f"{name} has {page.titles} titles of the first order, it should have one")
        if "" in page.heads:
            found.append(f"{name} has a table with a column or row whose head says nothing")
        if (size := weight(site, path)) > PAGE * 1e6:
            found.append(f"{name} has {size / 1e6:.1f} MB compressed, at most {PAGE}")
    for path in sorted(site.rglob("*.css")):
        if path.relative_to(site).parts[0] not in LATER:
            loaded = outside_in(path.read_text(encoding="utf-8"))
            name = path.relative_to(site).as_posix()
            found += [f"{name} loads {each}" for each in loaded if outside(each)]
    size = total(site)
    if size > SITE * 1e6:
        found.append(f"the site has {size / 1e6:.0f} MB, at most {SITE}")
    return found


@cache
def weight(site: Path, path: Path) -> int:
    """Return the bytes a page needs, compressed: itself, what it loads and its widgets' stores."""
    page = read(path)
    inside = {each for each in page.loads if not outside(each) and not each.startswith("data:")}
    loaded = {unquote(urlsplit(each).path) for each in inside}
    files = {(path.parent / each).resolve() for each in loaded if each}
    if path.parent.name != "embed":  # there the stores stand in the page
        files |= {site / "_static" / "stores" / f"{name}.js" for name in page.widgets}
    return compressed(path) + sum(compressed(each) for each in files if each.is_file())


def total(site: Path) -> int:
    """Return the bytes of the site without what other commands put into it."""
    files = (path for path in site.rglob("*") if path.is_file())
    return sum(p.stat().st_size for p in files if p.relative_to(site).parts[0] not in LATER)


def main(site: Path) -> int:
    """Say how large a site is, where it leads and what is wrong; returns whether anything is."""
    site = site.resolve()
    pages = own(site)
    if not pages:
        print(f"{site} holds no pages; make site makes them.")
        return 1
    away = {each for path in pages for each in read(path).links if outside(each)}
    for each in sorted(away):
        print(f"leads outside, not followed: {each}")
    largest = max(pages, key=lambda path: weight(site, path))
    size, name = weight(site, largest) / 1e6, largest.relative_to(site).as_posix()
    print(
        f"{len(pages)} pages, {total(site) / 1e6:.1f} MB; the largest: {name}, {size:.2f} MB sent."
    )
    found = faults(site)
    print("\n".join(found) or "Nothing is wrong.")
    return int(bool(found))


if __name__ == "__main__":
    folder = Path(__file__).resolve().parents[1] / "build" / "site"
    sys.exit(main(Path(*sys.argv[1:2]) if sys.argv[1:] else folder))
