// Controls of the browser's own kind beside one picture that is replaced when the kernel answers.
// Only one question is under way at a time; while it is, the newest position waits.

const KEPT = 60; // pictures of some ten to a hundred kilobytes each
const NARROW = 480; // pixels of the widget's own width; explore.css has the same number

function render({ model, el }) {
  const box = document.createElement("div");
  box.className = "clusterlab-explorer";
  keepKeys(box);
  const controls = document.createElement("div");
  controls.className = "clusterlab-controls";
  const picture = document.createElement("div");
  picture.className = "clusterlab-picture";
  picture.setAttribute("role", "img");
  // In the page it is there at once, as an <img> it would be a page of its own; in a shadow its
  // names and styles stay its own.
  const shadow = picture.attachShadow({ mode: "open" });
  shadow.innerHTML = "<style>svg { display: block; width: 100%; height: auto; }</style><div></div>";
  const ground = shadow.lastChild;
  const sentence = document.createElement("p");
  sentence.setAttribute("aria-live", "polite");
  const problem = document.createElement("p");
  problem.className = "clusterlab-problem";
  problem.setAttribute("role", "alert");

  const owed = () => model.get("answered") < model.get("request");
  const silence = watchAnswers(owed);

  // Pictures seen or sent ahead are shown at once, while the kernel is asked as ever.
  const kept = new Map();
  const place = (at) => JSON.stringify(model.get("controls").map(({ name }) => at[name]));
  const keep = (at, view) => {
    kept.delete(place(at));
    kept.set(place(at), view);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
  };
  let shown = "";
  const show = (view) => {
    if (view.drawing !== shown) ground.innerHTML = view.drawing;
    shown = view.drawing;
    if (view.sentence !== sentence.textContent) sentence.textContent = view.sentence;
    picture.setAttribute("aria-label", view.sentence || view.problem);
    problem.textContent = view.problem;
    box.dataset.stale = Boolean(view.problem);
  };

  let waiting = null;
  const ask = (values) => {
    const known = kept.get(place(values));
    if (known) show(known);
    if (owed()) {
      waiting = values;
      return;
    }
    waiting = null;
    box.setAttribute("aria-busy", "true");
    model.set("values", values);
    model.set("request", model.get("request") + 1);
    silence.look();
    model.save_changes();
  };
  const built = {};
  let values = { ...model.get("values") };
  for (const control of model.get("controls")) {
    built[control.name] = buildControl(control, values[control.name], (name, value) => {
      values = { ...values, [name]: value };
      ask(values);
    });
    controls.append(built[control.name].row);
  }
  const reset = document.createElement("button");
  reset.type = "button";
  ownKeys(reset);
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
    picture.style.width = `${model.get("width")}px`;
    const view = {};
    for (const part of ["drawing", "sentence", "problem"]) view[part] = model.get(part);
    if (!owed() && !view.problem) keep(model.get("values"), view);
    if (!waiting || !kept.has(place(waiting))) show(view);
  };
  const ahead = () => {
    const view = model.get("ahead");
    keep(view.values, view);
    if (place(view.values) === place(values)) show(view);
  };
  const forget = () => kept.clear();
  const answered = () => {
    silence.look();
    if (owed()) return;
    box.setAttribute("aria-busy", "false");
    if (waiting) ask(waiting);
  };
  const moved = () => {
    if (waiting || owed()) return;
    values = { ...model.get("values") };
    for (const name of Object.keys(built)) built[name].set(values[name]);
  };
  model.on("change:edition", forget);
  model.on("change:drawing change:sentence change:problem change:answered", draw);
  model.on("change:ahead", ahead);
  model.on("change:answered", answered);
  model.on("change:values", moved);
  draw();
  box.append(controls, picture, problem, silence.words, sentence);
  el.append(box, hideStill(model));

  // The kernel draws for the page as it is; a width of 0 is that of a page not in view.
  const look = () => {
    const width = controls.clientWidth;
    const page = { dark: onDarkPage(el), narrow: width ? width < NARROW : model.get("narrow") };
    const news = Object.keys(page).filter((name) => page[name] !== model.get(name));
    news.forEach((name) => model.set(name, page[name]));
    if (news.length) model.save_changes();
  };
  look();
  const leaveGround = watchGround(look);
  const widths = new ResizeObserver(look);
  widths.observe(controls);
  return () => {
    leaveGround();
    widths.disconnect();
    model.off("change:edition", forget);
    model.off("change:drawing change:sentence change:problem change:answered", draw);
    model.off("change:ahead", ahead);
    model.off("change:answered", answered);
    model.off("change:values", moved);
  };
}

export default { render };
