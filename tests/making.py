"""A page in which ties are drawn and cut, with the widget's Python side behind it."""

import base64
import json

from clusterlab.views.graph import GraphView
from clusterlab.views.still import script

_SENT = (
    *("nodes", "edges", "legend", "width", "height", "sentence", "problem", "hint", "making"),
    *("directed", "made", "first", "controls", "values", "request", "answered"),
)
_SET = (
    *(
        "controls",
        "values",
        "request",
        "answered",
        "drawing",
        "width",
        "ground",
        "ahead",
        "edition",
    ),
    *("dark", "narrow", "sentence", "problem", "mark"),
)
_OPEN = """async ([source, traits, bytes]) => {
    const raw = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
    traits.positions = new DataView(raw.buffer);
    const heard = [];
    const tell = (names) => heard
        .filter(([events]) => events.split(" ").some((one) => names.includes(one.slice(7))))
        .forEach(([, act]) => act());
    window.model = {
        get: (name) => traits[name],
        set: (name, value) => { traits[name] = value; tell([name]); },
        save_changes: async () => {
            const news = Object.fromEntries(
                ["made", "values", "request", "dark", "narrow"]
                    .filter((name) => name in traits)
                    .map((name) => [name, traits[name]]),
            );
            const answer = await window.answer(news);
            const told = (name) => JSON.stringify([traits[name]]) !== JSON.stringify([answer[name]]);
            const names = Object.keys(answer).filter(told);
            Object.assign(traits, answer);
            tell(names);
        },
        on: (events, act) => heard.push([events, act]),
        off: () => {},
    };
    const { default: view } = await import("data:text/javascript;base64," + source);
    view.render({ model: window.model, el: document.getElementById("here") });
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
}"""


class Maker:
    """A reader at a page that shows views in which something can be made."""

    def __init__(self, page):
        self.page = page
        page.expose_function("answer", self._answer)

    def _answer(self, news):
        with self.view.hold_trait_notifications():
            for name, value in news.items():
                setattr(self.view, name, value)
        return self._traits()

    def _traits(self):
        names = _SENT if isinstance(self.view, GraphView) else _SET
        return json.loads(json.dumps({n: getattr(self.view, n) for n in names}))

    def show(self, view, dark=False):
        """Show a view of ties, or an explorer, in an empty page."""
        self.view = view
        ground = (
            ' data-jp-theme-light="false" style="background: #111; color: #eee"' if dark else ""
        )
        page = f"<style>{view._css}</style><body{ground}><div id='here'></div></body>"
        self.page.set_content(page)
        ties = isinstance(view, GraphView)
        source = base64.b64encode(script("graph" if ties else "explore").encode()).decode()
        places = base64.b64encode(view.positions if ties else b"").decode()
        self.page.evaluate(_OPEN, [source, self._traits(), places])
        return self

    def at(self, name):
        """Return where a node is in the window."""
        frame = self.page.get_by_role("listbox").bounding_box()
        x, y = self.view.places.loc[name]
        return frame["x"] + x * frame["width"], frame["y"] + (1 - y) * frame["height"]

    def between(self, one, other, share=0.5):
        """Return a place on the straight tie of two nodes."""
        (ax, ay), (bx, by) = self.at(one), self.at(other)
        return ax + share * (bx - ax), ay + share * (by - ay)

    def walk(self, name):
        """Go to a node by the keys that stand for it."""
        self.page.get_by_role("listbox").focus()
        self.page.keyboard.press("Home")
        nodes = [node["name"] for node in self.view.nodes]
        for _ in range(4 * len(nodes)):
            option = self.page.locator("[role=option][aria-selected]").get_attribute("id")
            here = int(option.rsplit("-", 1)[1])
            if nodes[here] == name:
                return
            (x, y), (ax, ay) = self.at(name), self.at(nodes[here])
            wide = abs(x - ax) > abs(y - ay)
            key = ("Right" if x > ax else "Left") if wide else ("Down" if y > ay else "Up")
            self.page.keyboard.press(f"Arrow{key}")
        raise AssertionError(f"no way to {name}")

    def settled(self):
        """Wait until the answer is there; returns what is made."""
        busy = "() => document.querySelector('[aria-busy]')?.getAttribute('aria-busy')"
        self.page.wait_for_function(f"() => ({busy})() !== 'true'")
        return self.view.made if isinstance(self.view, GraphView) else self.view.values
