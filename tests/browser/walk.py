"""Walk units in JupyterLab and keep pictures: ``python tests/browser/walk.py MODE FOLDER UNIT ...``.

MODE is "wide" (1280 x 800), "phone" (420 px) or "dark". Each unit is run whole, every control of
every widget goes to both ends, and each end is photographed. What can be measured is said: errors,
a widget without a sentence or wider than the page, letters under 11 px on a phone, labels that lie
on each other, controls, picture and sentence on more than one screen, a request that would have
left the machine, and, at the wide size, a widget that is silent once the kernel was restarted. Whether it is a good picture only a person can say: look at them.
"""

import sys
import tempfile
from pathlib import Path

from lab import browser_page, jupyter_lab, restart, run_all

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
  return { found, smallest, height: box.getBoundingClientRect().height,
           sentence: words ? words.textContent.trim() : '' };
}"""


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
    told = []
    page.on(
        "console", lambda m: told.append(f"console: {m.text[:200]}") if m.type == "error" else None
    )
    page.on("pageerror", lambda error: told.append(f"console: {error}"))
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
        for name, end, move in ends(box):
            move()
            settings += 1
            look(number, box, f"{name} {end}")
            if (reset := box.query_selector("button:has-text('Reset')")) and reset.is_visible():
                reset.click()
                settle(page, box)
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
    return [f"{len(boxes)} widgets, {settings} ends", *dict.fromkeys(told)]


def main(mode, folder, *units):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    width, height = SIZES[mode]
    with tempfile.TemporaryDirectory() as place, jupyter_lab(Path(place)) as address:
        if mode == "dark":
            theme = Path(place) / "settings/@jupyterlab/apputils-extension"
            theme.mkdir(parents=True, exist_ok=True)
            (theme / "themes.jupyterlab-settings").write_text('{"theme": "JupyterLab Dark"}')
        for unit in units:
            with browser_page(width, height) as (page, outside):
                try:
                    told = walk(page, address, mode, folder, unit)
                except Exception as error:  # the next unit is walked all the same
                    told = [f"STOPPED: {type(error).__name__}: {str(error)[:400]}"]
                told += [f"asked from outside: {url}" for url in outside]
                print(f"== {mode} {unit}", *told, sep="\n   ", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
