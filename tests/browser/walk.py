"""Walk units in JupyterLab and keep pictures: ``python tests/browser/walk.py MODE FOLDER [UNIT ...]``.

MODE is "wide" (1280 x 800), "phone" (420 px) or "dark"; without names all units are walked. Each is
run whole. Every control of every widget goes to both ends by key, and to places that are drawn at
random by mouse, or on the phone by touch: sliders are pulled, corners and points too, ties drawn.
Each place is photographed. What can be measured is said, and makes the command end with 1: errors
in the page, in a cell or in the server's log; a control without a name, or that changes neither
picture nor sentence, or that is not where the pointer left it; a widget without a sentence or wider
than the page; letters under 11 px on a phone; labels that lie on each other or leave the picture;
controls, picture and sentence on more than one screen; a request that would have left the machine;
and, at the wide size, a widget that is silent once the kernel was restarted. Whether it is a good
picture only a person can say: look at them.
"""

import csv
import random
import re
import sys
import tempfile
from pathlib import Path

from lab import ROOT, browser_page, jupyter_lab, restart, run_all

SIZES = {"wide": (1280, 800), "dark": (1280, 800), "phone": (420, 860)}
WIDGETS = ":is(.clusterlab-explorer, .clusterlab-graph, .clusterlab-radar)"
#: JupyterLab's own bars take this much of the height.
BARS = 120

MEASURE = """(box) => {
  const found = [], page = box.closest('.jp-OutputArea-output') || box.parentElement;
  const room = page.getBoundingClientRect();
  for (const each of box.querySelectorAll('*')) {
    const at = each.getBoundingClientRect();
    if (at.width && at.right > room.right + 1 && !each.closest('svg') &&
        !each.closest('.clusterlab-unseen')) {
      found.push(`${each.tagName}.${each.className} is ${Math.round(at.right - room.right)} px ` +
                 'beyond the page'); break; } }
  const picture = box.querySelector('.clusterlab-picture');
  const svg = picture ? picture.shadowRoot.querySelector('svg') : box.querySelector('svg');
  let smallest = 99;
  if (svg) {
    const letters = [...svg.querySelectorAll('text')].filter((t) => t.textContent.trim());
    const frame = svg.getBoundingClientRect();
    const boxes = letters.map((t) => [t.textContent.trim(), t.getBoundingClientRect(),
      t.getScreenCTM(), parseFloat(getComputedStyle(t).fontSize)]);
    for (const [text, at, matrix, size] of boxes) {
      if (!at.width) continue;
      smallest = Math.min(smallest, size * Math.hypot(matrix.a, matrix.b));
      if (at.left < frame.left - 1 || at.right > frame.right + 1 || at.top < frame.top - 1 ||
          at.bottom > frame.bottom + 1) found.push(`'${text}' leaves the picture`);
    }
    for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
      const [a, p] = boxes[i], [b, q] = boxes[j];
      const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (wide > 2 && high > 3 && !(a === b && Math.abs(p.left - q.left) < 1.5))
        found.push(`'${a}' and '${b}' lie on each other`);
    }
  }
  const words = box.querySelector('p[aria-live]');
  if (!words || !words.textContent.trim()) found.push('no sentence');
  for (const problem of box.querySelectorAll('.clusterlab-problem'))
    if (problem.textContent.trim()) found.push('problem: ' + problem.textContent.trim());
  for (const each of box.querySelectorAll('input, select, button, canvas[tabindex], textarea')) {
    const label = each.labels && each.labels[0] ? each.labels[0].textContent : '';
    if (!(label + each.textContent + (each.getAttribute('aria-label') || '')).trim())
      found.push(`a ${each.tagName.toLowerCase()} has no name`);
  }
  return { found, smallest, height: box.getBoundingClientRect().height,
           sentence: words ? words.textContent.trim() : '' };
}"""


#: What a reader sees of a widget: its picture, drawn or painted, and its words.
SEEN = """(box) => {
  const picture = box.querySelector('.clusterlab-picture');
  const drawing = picture ? picture.shadowRoot.innerHTML : '';
  const canvas = box.querySelector('canvas');
  const words = box.querySelector('p[aria-live]').textContent;
  const numbers = box.querySelector('dl') ? box.querySelector('dl').textContent : '';
  const points = [...box.querySelectorAll('svg .now')].map((e) => e.getAttribute('points')).join();
  return [drawing, canvas ? canvas.toDataURL() : '', words, numbers, points].join('|');
}"""

#: Refusals that a unit asks its reader to try.
REFUSED = {"02_diamond/3": "problem: budget"}


def settle(page, box):
    """Wait until the kernel has answered and the picture stands."""
    page.wait_for_timeout(120)
    page.wait_for_function(
        "(box) => !box.querySelector('[aria-busy=true]') && box.getAttribute('aria-busy') !== 'true'",
        arg=box,
        timeout=60_000,
    )
    page.wait_for_timeout(150)


def ends(box):
    """Yield every control at both ends: its name, the end, and what brings it there."""
    for control in box.query_selector_all(
        ".clusterlab-controls :is(input[type=range], select, input[type=checkbox])"
    ):
        if not control.is_visible():
            continue
        name = control.evaluate("(c) => c.labels && c.labels[0] ? c.labels[0].textContent : c.name")
        kind = control.get_attribute("type") or "select"
        if kind == "range":
            for key in ("Home", "End"):
                yield name, key, lambda c=control, k=key: c.press(k)
        elif kind == "checkbox":
            for key in ("once", "twice"):
                yield name, key, lambda c=control: c.press("Space")
        else:
            texts = control.evaluate("(c) => [...c.options].map((o) => o.value)")
            for value in (texts[-1], texts[0]):
                yield name, value, lambda c=control, v=value: c.select_option(v)


def spots(page, box, mode, dice):
    """Yield what a pointer moves, to places drawn at random: its name, the place, the move."""
    touch = mode == "phone"

    def press(x, y):
        page.touchscreen.tap(x, y) if touch else page.mouse.click(x, y)

    def pull(start, end):
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end, steps=6)
        page.mouse.up()

    def slide(control, share):
        at = control.bounding_box()
        y, reach = at["y"] + at["height"] / 2, at["width"] - 16  # half a handle is left at each end
        x = at["x"] + 8 + share * reach
        if touch:
            press(x, y)
        else:
            pull((at["x"] + 8 + dice.random() * reach, y), (x, y))
        low, high, step, value = control.evaluate(
            "(c) => [c.min, c.max, c.step, c.value].map(Number)"
        )
        where = low + share * (high - low)
        if abs(value - where) > step + 0.05 * (high - low):
            raise AssertionError(f"the pointer left it near {where:.4g}, it is at {value:.4g}")

    for canvas in box.query_selector_all("canvas[role=listbox]"):
        for turn in ("first", "second", "third"):  # a tie that is there already changes nothing
            yield "ties", f"{turn} drawn", lambda c=canvas: pull(*nodes(page, c, dice))
    for control in box.query_selector_all(".clusterlab-controls input[type=range]"):
        name = control.evaluate("(c) => c.labels && c.labels[0] ? c.labels[0].textContent : c.name")
        for share in (dice.random(), dice.random()):
            yield name, f"{share:.2f} of its way", lambda c=control, s=share: slide(c, s)
    for layer in box.query_selector_all(".clusterlab-points"):

        def place(layer=layer):
            at = layer.bounding_box()
            press(at["x"] + dice.random() * at["width"], at["y"] + dice.random() * at["height"])

        yield "points", "one more", place
    for corner in box.query_selector_all("svg .corner"):

        def out(corner=corner):
            at, svg = corner.bounding_box(), corner.query_selector("xpath=..").bounding_box()
            middle = [at["x"] + at["width"] / 2, at["y"] + at["height"] / 2]
            hub = [svg["x"] + svg["width"] / 2, svg["y"] + svg["height"] / 2]
            pull(
                middle,
                [a + (b - a) * dice.uniform(0.2, 0.8) for a, b in zip(middle, hub, strict=True)],
            )

        if not touch:
            yield corner.get_attribute("data-corner"), "pulled", out


def nodes(page, canvas, dice):
    """Return where two nodes of a graph are, found as a hand does: where the pointer changes."""
    at, found = canvas.bounding_box(), []
    places = [(0.05 + 0.9 * i / 24, 0.05 + 0.9 * j / 24) for i in range(25) for j in range(25)]
    dice.shuffle(places)
    for across, down in places:
        spot = (at["x"] + across * at["width"], at["y"] + down * at["height"])
        page.mouse.move(*spot)
        if canvas.evaluate("(c) => c.style.cursor") in ("grab", "crosshair"):
            if not found or max(abs(a - b) for a, b in zip(spot, found[0], strict=True)) > 40:
                found.append(spot)
            if len(found) == 2:
                return found
    raise AssertionError("fewer than two nodes answer the pointer")


def silent(page, boxes):
    """Restart the kernel under the open unit; return the widgets that do not say what to do."""
    restart(page)
    page.wait_for_timeout(500)
    told = []
    for number, box in enumerate(boxes, 1):
        for _, _, move in ends(box):
            move()
        if next(ends(box), None):
            page.wait_for_timeout(3400)
            if "run this cell again" not in box.inner_text():
                told.append(f"widget {number} is silent after a restart")
    return told


def walk(page, address, mode, folder, unit):
    told, dice = [], random.Random(unit)

    def complain(words):
        # JupyterLite's own extension, installed beside by `make lite`, is no part of JupyterLab
        if "jupyterlite" not in words:
            told.append(f"console: {words[:200]}")

    page.on("console", lambda m: complain(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complain(str(error)))
    run_all(page, address, unit)
    if mode == "phone":
        page.keyboard.press("Control+B")  # the list of files would take most of the page
    page.wait_for_timeout(1500)
    for error in page.query_selector_all(
        ".jp-OutputArea-output[data-mime-type*='error'], .jp-RenderedText[data-mime-type*='stderr']"
    ):
        told.append(f"error: {error.inner_text()[:300]}")
    stem = unit.replace("/", "_").removesuffix(".ipynb")
    boxes = [
        each
        for each in page.query_selector_all(WIDGETS)
        if each.evaluate(f"(b) => !b.parentElement.closest('{WIDGETS}')") and each.is_visible()
    ]
    settings = 0

    def look(number, box, what):
        box.scroll_into_view_if_needed()
        settle(page, box)
        seen = box.evaluate(MEASURE)
        if mode == "phone" and seen["smallest"] < 11:
            seen["found"].append(f"letters of {seen['smallest']:.1f} px")
        if mode != "phone" and seen["height"] > SIZES[mode][1] - BARS:
            seen["found"].append(f"{seen['height']:.0f} px tall")
        told.extend(f"widget {number}, {what}: {words}" for words in dict.fromkeys(seen["found"]))
        box.screenshot(path=folder / f"{stem}_{mode}_w{number}_{settings:03}.png")

    for number, box in enumerate(boxes, 1):
        look(number, box, "as opened")
        changed: dict[str, bool] = {}
        for name, end, move in [*ends(box), *spots(page, box, mode, dice)]:
            before = box.evaluate(SEEN)
            try:
                move()
            except AssertionError as error:
                told.append(f"widget {number}, {name}: {error}")
            settings += 1
            look(number, box, f"{name} {end}")
            changed[name] = changed.get(name, False) or box.evaluate(SEEN) != before
            if "ties" in changed:
                continue  # some controls are about the reader's own ties: these stay
            if (reset := box.query_selector("button:has-text('Reset')")) and reset.is_visible():
                reset.click()
                settle(page, box)
        still = [name for name, moved in changed.items() if not moved]
        told += [f"widget {number}: {name} changes neither picture nor sentence" for name in still]
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.jp-RenderedMarkdown, .jp-RenderedHTMLCommon')]
        .filter((e) => e.scrollWidth > e.clientWidth + 2)
        .map((e) => e.textContent.trim().slice(0, 50))"""
    )
    told += [f"wider than its cell: {words!r}" for words in wide]
    for k, cell in enumerate(page.query_selector_all(".jp-Cell")):
        if cell.is_visible():
            cell.scroll_into_view_if_needed()
            cell.screenshot(path=folder / f"{stem}_{mode}_cell{k:02}.png")
    if mode == "wide":
        told += silent(page, boxes)
    known = [words for start, words in REFUSED.items() if unit.startswith(start)]
    told = [words for words in told if not any(each in words for each in known)]
    return [f"{len(boxes)} widgets, {settings} places", *dict.fromkeys(told)]


def all_units():
    with (ROOT / "notebooks" / "units.csv").open(encoding="utf-8", newline="") as table:
        return [f"{row['unit']}.ipynb" for row in csv.DictReader(table)]


def main(mode, folder, *units):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    width, height = SIZES[mode]
    wrong = 0
    with tempfile.TemporaryDirectory() as place, jupyter_lab(Path(place)) as address:
        if mode == "dark":
            theme = Path(place) / "settings/@jupyterlab/apputils-extension"
            theme.mkdir(parents=True, exist_ok=True)
            (theme / "themes.jupyterlab-settings").write_text('{"theme": "JupyterLab Dark"}')
        for unit in units or all_units():
            with browser_page(width, height, has_touch=mode == "phone") as (page, outside):
                try:
                    told = walk(page, address, mode, folder, unit)
                except Exception as error:  # the next unit is walked all the same
                    told = ["stopped", f"{type(error).__name__}: {str(error)[:400]}"]
                told += [f"asked from outside: {url}" for url in outside]
                print(f"== {mode} {unit}", *told, sep="\n   ", flush=True)
                wrong += len(told) - 1
        log = (Path(place) / "lab.log").read_text(encoding="utf-8", errors="replace")
        for line in re.findall(r"^.*(?:Traceback|\bERROR\b|\[E ).*$", log, re.MULTILINE):
            print(f"log: {line}")
            wrong += 1
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
