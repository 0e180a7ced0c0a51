"""How soon a page of the site answers, and how quickly: ``python benchmarks/site.py [UNIT ...]``.

Each page is opened in a headless Chromium whose link is slowed to 10 Mbit/s with 40 ms of delay,
from a server that compresses as servers do. Measured are the seconds from opening it to the first
picture that has moved, with a reader who moves the first slider the moment it is there, and the
milliseconds of every further move of every slider, from the event to the new picture.
"""

import gzip
import statistics
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from lab import browser_page

SITE = Path(__file__).resolve().parents[1] / "build" / "site"
LINK = {"offline": False, "latency": 40, "downloadThroughput": 10e6 / 8, "uploadThroughput": 1e6}

# A drawing is compared with the one before: the reader sees that the picture has moved.
FIRST = """async () => {
  const pause = () => new Promise((done) => setTimeout(done, 5));
  const found = () => document.querySelector(".clusterlab-explorer input[type=range]");
  while (!found()) await pause();
  const slider = found();
  const explorer = slider.closest(".clusterlab-explorer");
  const picture = explorer.querySelector(".clusterlab-picture");
  const words = explorer.querySelector("[aria-live]");  // they change too where it is refused
  const seen = () => picture.shadowRoot.innerHTML + words.textContent;
  const before = seen();
  slider.value = slider.value === slider.max ? slider.min : slider.max;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  while (seen() === before) await pause();
  return performance.now();
}"""
MOVES = """async () => {
  const found = [];
  for (const explorer of document.querySelectorAll(".clusterlab-explorer")) {
    explorer.scrollIntoView();
    await new Promise((done) => setTimeout(done, 1500));  // its pictures come
    for (const slider of explorer.querySelectorAll("input[type=range]")) {
      for (let k = 0; k <= 20; k += 1) {
        const from = performance.now();
        slider.value = Number(slider.min) + (k / 20) * (slider.max - slider.min);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        while (explorer.getAttribute("aria-busy") === "true") await null;
        found.push(performance.now() - from);
        await new Promise((done) => setTimeout(done, 15));
      }
    }
  }
  return found;
}"""


class Compressing(SimpleHTTPRequestHandler):
    """Serves files compressed, and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with a file, compressed."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    """Print a line for each page."""
    if not SITE.exists():
        raise SystemExit("there is no site yet: make site makes it.")
    units = sys.argv[1:] or sorted(
        path.relative_to(SITE).with_suffix("").as_posix()
        for path in SITE.glob("[0-9]*/[0-9]*.html")
        if "clusterlab-explorer" in path.read_text() or "explorer&quot;" in path.read_text()
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressing, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{'page':48} first s   median ms   95 % ms   moves")
    first, all_moves, asked = [], [], []
    for unit in units:
        with browser_page(1280, 800) as (page, outside):
            session = page.context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", LINK)
            address = f"http://127.0.0.1:{server.server_port}/{unit}.html"
            page.goto(address, wait_until="commit")
            first.append(page.evaluate(FIRST) / 1000)
            page.wait_for_load_state()
            moves = page.evaluate(MOVES)
            all_moves += moves
            asked += outside
        late = statistics.quantiles(moves, n=20)[-1]
        middle = statistics.median(moves)
        print(f"{unit:48} {first[-1]:7.2f} {middle:11.1f} {late:9.1f} {len(moves):7}", flush=True)
    late = statistics.quantiles(all_moves, n=20)[-1]
    print(f"all: first at most {max(first):.2f} s; of {len(all_moves)} moves 95 % in {late:.1f} ms")
    if asked:
        raise SystemExit(f"asked of other addresses: {', '.join(asked)}")


if __name__ == "__main__":
    main()
