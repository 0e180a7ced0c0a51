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

function newButton(place, words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  ownKeys(made);
  made.addEventListener("click", act);
  place.append(made);
  return made;
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

// Puts a view into the page; returns what takes it away, for a page that draws it there again. A live
// view hides its still one, which is an output of its own, for as long as it is in the page.
function putInto(el, box, model) {
  const mark = model.get("mark");
  const rule = document.createElement("style");
  rule.textContent =
    `.${mark} { display: none; } .jp-OutputArea-child:has(.${mark}) { display: none; }`;
  el.append(box, rule);
  return () => [box, rule].forEach((each) => each.remove());
}

// Calls a function at each change of what is named beside it; returns what ends that. One name at a
// time: marimo's model takes a list of names for one long name.
function hear(model, acts) {
  const each = acts.flatMap(([names, act]) => names.split(" ").map((name) => [`change:${name}`, act]));
  each.forEach(([event, act]) => model.on(event, act));
  return () => each.forEach(([event, act]) => model.off(event, act));
}

function onDarkPage(el) {
  const light = document.body.dataset.jpThemeLight;
  if (light !== undefined) return light === "false";
  // The first ground behind the view. It may stand in a shadow (marimo), and is not in the page yet
  // when it is drawn first (the classic notebook, VS Code).
  for (let at = el.isConnected ? el : document.body; at; at = at.parentNode ?? at.host) {
    if (!(at instanceof Element)) continue;
    const [red, green, blue, share = 1] = getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? [];
    if (Number(share) > 0) return Number(red) + Number(green) + Number(blue) < 380;
  }
  return false;
}

// Calls look when the page turns dark or light; returns what ends that.
function watchGround(look) {
  const watch = new MutationObserver(look);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => watch.disconnect();
}

function valueText(control, value) {
  if (control.kind !== "number") return String(value);
  const digits = (String(control.step).split(".")[1] || "").length;
  return Number(value).toFixed(control.whole ? 0 : Math.min(digits, 4));
}

// A control of the browser's own kind, with its name before it and its value after it.
function buildControl(control, value, changed) {
  const id = newId();
  const row = document.createElement("div");
  row.className = "clusterlab-control";
  const label = document.createElement("label");
  label.htmlFor = id;
  label.textContent = control.label;
  let input;
  if (control.kind === "choice") {
    input = document.createElement("select");
    control.choices.forEach((choice, index) => {
      const option = document.createElement("option");
      option.value = index;
      option.textContent = String(choice);
      input.append(option);
    });
  } else {
    input = document.createElement("input");
    input.type = control.kind === "switch" ? "checkbox" : "range";
    if (control.kind === "number") {
      input.min = control.low;
      input.max = control.high;
      input.step = control.step;
    }
  }
  input.id = id;
  input.dataset.name = control.name;
  ownKeys(input);
  const shown = document.createElement("output");
  shown.htmlFor = id;
  const set = (next) => {
    if (control.kind === "choice") input.value = control.choices.indexOf(next);
    else if (control.kind === "switch") input.checked = next;
    else input.value = next;
    shown.textContent = control.kind === "number" ? valueText(control, next) : "";
    if (control.kind === "number") input.setAttribute("aria-valuetext", valueText(control, next));
  };
  const get = () => {
    if (control.kind === "choice") return control.choices[Number(input.value)];
    if (control.kind === "switch") return input.checked;
    return Number(input.value);
  };
  input.addEventListener("input", () => {
    set(get());
    changed(control.name, get());
  });
  set(value);
  row.append(label, input, shown);
  return { row, set };
}
