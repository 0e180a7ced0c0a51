// Runs before JupyterLite: says how far Python is, what is kept, and what this browser cannot do.

(() => {
  // the page of the same unit on the site, which stands one folder above the course in the browser
  const unit = new URLSearchParams(location.search).get("path") || "index.ipynb";
  const page = new URL(`../../${unit.replace(/\.ipynb$/, ".html")}`, location.href).href;

  const card = document.createElement("section");
  card.id = "course-news";
  card.setAttribute("aria-label", "Python in this browser");
  card.innerHTML = `
    <style>
      #course-news { position: fixed; z-index: 100000; right: 1rem; bottom: 2.2rem;
        box-sizing: border-box; width: min(25rem, calc(100vw - 2rem)); padding: 0.8rem 1rem;
        font: 15px/1.45 system-ui, sans-serif; color: #fff; background: #1f2a36;
        border: 1px solid #b6c2cf; border-radius: 6px; }
      #course-news[hidden], #course-news [hidden] { display: none; }
      #course-news.whole { inset: 0; width: auto; padding: 12vh max(1.5rem, 50vw - 20rem); border: 0;
        border-radius: 0; font-size: 18px; overflow: auto; }
      #course-news p { margin: 0 0 0.5rem; }
      #course-news h1 { margin: 0 0 1rem; font-size: 1.6rem; line-height: 1.2; }
      #course-news li { margin: 0.6rem 0; }
      #course-news a { color: #9fd0ff; }
      #course-news progress { width: 100%; height: 0.7rem; accent-color: #9fd0ff; }
      #course-news button { font: inherit; color: inherit; background: transparent;
        border: 1px solid #b6c2cf; border-radius: 4px; padding: 0.1rem 0.7rem; cursor: pointer; }
      #course-news :focus-visible { outline: 3px solid #ffd166; outline-offset: 2px; }
    </style>
    <p role="status"></p>
    <p class="bar" hidden><progress aria-label="Python loaded"></progress><span></span></p>
    <button type="button">Hide</button>`;
  const [said, bar] = card.querySelectorAll("p");
  const [line, numbers] = bar.children;
  const hide = card.querySelector("button");
  card.hidden = true;
  hide.onclick = () => { card.hidden = true; };
  const shown = new Promise((resolve) => {
    addEventListener("DOMContentLoaded", () => resolve(document.body.append(card)));
  });

  const say = (words, link) => {
    said.textContent = words;
    if (link) said.append(" ", Object.assign(document.createElement("a"), { href: page, textContent: link }));
    card.hidden = false;
  };

  if (typeof WebAssembly !== "object") {
    window.stop(); // JupyterLite would show a notebook whose Python never starts
    const about = new URL("../../about.html", location.href).href; // which way is for whom
    card.classList.add("whole");
    card.innerHTML += `
      <h1>Python does not run in this browser</h1>
      <p>It has no WebAssembly, or a setting switched it off. There are three ways on:</p>
      <ul>
        <li><a>Read this notebook on the site</a>. All that it shows is there, and sliders move
          there without Python.</li>
        <li>Open this page in a current Firefox, Chrome, Edge or Safari, or allow WebAssembly for it,
          for instance by leaving the lockdown mode of a phone.</li>
        <li><a>Run it elsewhere</a>: on Binder or on your own machine.</li>
      </ul>`;
    [page, about].forEach((href, at) => { card.querySelectorAll("a")[at].href = href; });
    card.querySelectorAll("[role=status], .bar, button").forEach((part) => part.remove());
    card.hidden = false;
    document.documentElement.lang = "en";
    document.title = "Python does not run in this browser";
    document.body ?? document.documentElement.append(document.createElement("body"));
    document.body.replaceChildren(card);
    return;
  }

  const kept = "What you change is kept in this browser only; File > Download takes it with you.";
  const news = ({ megabytes, bytes, name, ready, failed }) => {
    if (megabytes) {
      line.max = megabytes * 1e6;
      bar.hidden = false;
      say(`Python is being loaded: about ${megabytes} MB at the first visit, later most of it ` +
        "comes from your browser's own store. You can read meanwhile.");
    }
    if (bytes) {
      line.value = bytes;
      const all = Math.round(line.max / 1e6);
      numbers.textContent = `${Math.round(bytes / 1e6)} of about ${all} MB: ${name.split("-")[0]}`;
    }
    if (ready) {
      bar.hidden = true;
      say(`Python is ready. ${kept}`);
      setTimeout(() => { if (!card.contains(document.activeElement)) card.hidden = true; }, 12000);
    }
    if (failed) {
      bar.hidden = true;
      say(`Python could not be loaded (${failed}). Reload the page when you are connected.`,
        "Read this unit with its pictures meanwhile.");
    }
  };
  // the kernel runs in a worker, which start.js lets tell the page how far it is
  const Plain = window.Worker;
  window.Worker = class extends Plain {
    constructor(...made) {
      super(...made);
      this.addEventListener("message", ({ data }) => { if (data?.course) news(data.course); });
    }
  };

  const lost = "Before you close the page, take your work with you by File > Download.";
  const unkept = () => shown.then(() => say(`This browser keeps nothing here. ${lost}`));
  try {
    indexedDB.open("course-news").onerror = unkept;
  } catch {
    unkept();
  }
  // JupyterLite says only that the file was not saved
  addEventListener("unhandledrejection", ({ reason }) => {
    if (reason?.name === "QuotaExceededError") {
      say(`Not saved: the store of this browser is full. ${lost} To make room, delete data of other ` +
        "sites in the browser's settings.");
    }
  });
})();
