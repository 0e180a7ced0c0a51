// What every view needs. It stands before the view's own script.

// Random: each widget gets a module of its own, so a counter would start again.
function newId() {
  return `clusterlab-${Math.random().toString(36).slice(2)}`;
}

// JupyterLab takes keys at the page, so they stop at the widget. Notebook 7 looks before any of this
// is asked, and at the control in focus alone: hence the mark on each.
function keepKeys(box) {
  box.addEventListener("keydown", (event) => event.stopPropagation());
}

function ownKeys(control) {
  control.dataset.lmSuppressShortcuts = "true";
}

// Says so where the kernel owes an answer for three seconds: it has died, or it is long at work.
const SILENCE =
  "No answer for three seconds. If the kernel was restarted, run this cell again; if it is at " +
  "work, the answer will come.";

function watchAnswers(owed) {
  const words = document.createElement("p");
  words.className = "clusterlab-problem";
  words.setAttribute("role", "status");
  let timer = null;
  const look = () => {
    if (!owed()) {
      clearTimeout(timer);
      timer = null;
      words.textContent = "";
    } else if (timer === null) timer = setTimeout(() => (words.textContent = SILENCE), 3000);
  };
  return { words, look };
}

// A live view hides its still one, which is an output of its own, for as long as it is in the page.
function hideStill(model) {
  const mark = model.get("mark");
  const rule = document.createElement("style");
  rule.textContent =
    `.${mark} { display: none; } .jp-OutputArea-child:has(.${mark}) { display: none; }`;
  return rule;
}

function onDarkPage(el) {
  const light = document.body.dataset.jpThemeLight;
  if (light !== undefined) return light === "false";
  const ground = getComputedStyle(el.closest("body")).backgroundColor.match(/\d+(\.\d+)?/g);
  if (!ground || (ground.length > 3 && Number(ground[3]) === 0)) return false;
  return Number(ground[0]) + Number(ground[1]) + Number(ground[2]) < 380;
}

// Calls look when the page turns dark or light; returns what ends that.
function watchGround(look) {
  const watch = new MutationObserver(look);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => watch.disconnect();
}
