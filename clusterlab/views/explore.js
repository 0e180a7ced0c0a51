// Controls of the browser's own kind beside one picture that is replaced when the kernel answers.
// Only one question is under way at a time; while it is, the newest position waits.

function text(control, value) {
  if (control.kind !== "number") return String(value);
  const digits = (String(control.step).split(".")[1] || "").length;
  return Number(value).toFixed(control.whole ? 0 : Math.min(digits, 4));
}

function build(control, value, changed) {
  // Random: each widget gets a module of its own, so a counter would start again.
  const id = `clusterlab-${Math.random().toString(36).slice(2)}`;
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
  const shown = document.createElement("output");
  shown.htmlFor = id;
  const set = (next) => {
    if (control.kind === "choice") input.value = control.choices.indexOf(next);
    else if (control.kind === "switch") input.checked = next;
    else input.value = next;
    shown.textContent = control.kind === "number" ? text(control, next) : "";
    if (control.kind === "number") input.setAttribute("aria-valuetext", text(control, next));
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

function onDarkPage(el) {
  const light = document.body.dataset.jpThemeLight;
  if (light !== undefined) return light === "false";
  const ground = getComputedStyle(el.closest("body")).backgroundColor.match(/\d+(\.\d+)?/g);
  if (!ground || (ground.length > 3 && Number(ground[3]) === 0)) return false;
  return Number(ground[0]) + Number(ground[1]) + Number(ground[2]) < 380;
}

function render({ model, el }) {
  const box = document.createElement("div");
  box.className = "clusterlab-explorer";
  // Or JupyterLab takes the arrow keys for itself.
  box.dataset.lmSuppressShortcuts = "true";
  box.addEventListener("keydown", (event) => event.stopPropagation());
  const controls = document.createElement("div");
  controls.className = "clusterlab-controls";
  const picture = document.createElement("div");
  picture.className = "clusterlab-picture";
  picture.setAttribute("role", "img");
  // In the page it is there at once, as an <img> it would be a page of its own; in a shadow its
  // names and styles stay its own.
  const ground = picture.attachShadow({ mode: "open" });
  const sentence = document.createElement("p");
  sentence.setAttribute("aria-live", "polite");
  const problem = document.createElement("p");
  problem.className = "clusterlab-problem";
  problem.setAttribute("role", "alert");

  let waiting = null;
  const ask = (values) => {
    if (model.get("answered") < model.get("request")) {
      waiting = values;
      return;
    }
    waiting = null;
    box.setAttribute("aria-busy", "true");
    model.set("values", values);
    model.set("request", model.get("request") + 1);
    model.save_changes();
  };
  const built = {};
  let values = { ...model.get("values") };
  for (const control of model.get("controls")) {
    built[control.name] = build(control, values[control.name], (name, value) => {
      values = { ...values, [name]: value };
      ask(values);
    });
    controls.append(built[control.name].row);
  }
  const reset = document.createElement("button");
  reset.type = "button";
  reset.textContent = "Reset";
  reset.addEventListener("click", () => {
    values = {};
    for (const control of model.get("controls")) {
      values[control.name] = control.start;
      built[control.name].set(control.start);
    }
    ask(values);
  });
  controls.append(reset);

  const draw = () => {
    ground.innerHTML = model.get("drawing");
    picture.style.width = `${model.get("width")}px`;
    box.dataset.picture = Number(box.dataset.picture || 0) + 1;
  };
  const speak = () => {
    sentence.textContent = model.get("sentence");
    picture.setAttribute("aria-label", model.get("sentence"));
    problem.textContent = model.get("problem");
    picture.style.opacity = model.get("problem") ? 0.3 : 1;
  };
  const answered = () => {
    if (model.get("answered") < model.get("request")) return;
    box.setAttribute("aria-busy", "false");
    if (waiting) ask(waiting);
  };
  const moved = () => {
    if (waiting || model.get("answered") < model.get("request")) return;
    values = { ...model.get("values") };
    for (const name of Object.keys(built)) built[name].set(values[name]);
  };
  model.on("change:drawing", draw);
  model.on("change:sentence change:problem", speak);
  model.on("change:answered", answered);
  model.on("change:values", moved);
  draw();
  speak();
  box.append(controls, picture, problem, sentence);
  el.append(box);

  const look = () => {
    const dark = onDarkPage(el);
    if (dark !== model.get("dark")) {
      model.set("dark", dark);
      model.save_changes();
    }
  };
  look();
  const watch = new MutationObserver(look);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => {
    watch.disconnect();
    model.off("change:drawing", draw);
    model.off("change:sentence change:problem", speak);
    model.off("change:answered", answered);
    model.off("change:values", moved);
  };
}

export default { render };
