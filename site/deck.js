// A deck in a browser: how large its slides are, whose the keys are, and that widgets move.

// How formulas are read; MathJax looks for this when it is loaded.
window.MathJax = {
  tex: { inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]] },
  options: { enableMenu: false, ignoreHtmlClass: "notes" }, // the speaker's window has no fonts for them
};

const printed = /print-pdf/i.test(location.search);
const preview = /[?&]receiver/.test(location.search); // a small one, in the speaker's window
const narrow = window.innerWidth < 700 && !preview && !printed; // a phone: letters as on a page
document.documentElement.classList.toggle("narrow", narrow);
const inWidget = (place) => place?.closest?.(".clusterlab-live");

// The arrows on a control are the control's. A remote goes on all the same, and Escape lets go.
function keys(event) {
  if (event.key === "PageDown" || event.key === "PageUp") {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key === "PageDown") Reveal.next();
    else Reveal.prev();
  } else if (event.key === "Escape" && inWidget(event.target)) {
    event.stopImmediatePropagation();
    document.activeElement.blur();
  }
}

// A slide that holds a little too much is shown smaller, its smallest letters still 18 of 720; what
// holds more is scrolled, by keys too.
function fit(slide) {
  slide.style.zoom = "";
  const zoom = slide.clientHeight / slide.scrollHeight;
  const least = slide.querySelector("table, pre, .clusterlab-live") ? 0.9 : 0.72;
  if (zoom < 1 && !narrow) slide.style.zoom = Math.max(zoom, least);
  const full = slide.scrollHeight > slide.clientHeight + 1;
  slide.tabIndex = full ? 0 : -1;
  slide.toggleAttribute("data-prevent-swipe", full);
}

// The section a slide belongs to stands below it where the slide does not say so itself.
function arrive({ currentSlide: slide }) {
  const heading = slide.parentElement.querySelector("h2");
  const own = slide.querySelector("h1, h2");
  document.querySelector(".where").textContent = own || !heading ? "" : heading.textContent;
  fit(slide);
}

function startDeck() {
  document.addEventListener("keydown", keys, true);
  Reveal.on("ready", arrive);
  Reveal.on("slidechanged", arrive);
  Reveal.initialize({
    width: narrow ? Math.max(360, window.innerWidth) : 1280,
    height: narrow ? Math.max(560, window.innerHeight) : 720,
    margin: 0,
    maxScale: 4,
    center: false,
    hash: true,
    navigationMode: "linear",
    pdfSeparateFragments: false,
    scrollActivationWidth: 0,
    slideNumber: "c/t",
    transition: "none",
    plugins: [RevealNotes],
  });
  if (printed) return; // on paper a widget is its still picture
  const script = document.createElement("script");
  script.src = "clusterlab.js";
  document.body.append(script);
}
