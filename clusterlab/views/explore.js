// Controls of the browser's own kind beside one picture that is replaced when the kernel answers.
// Only one question is under way at a time; while it is, the newest position waits.

const KEPT = 60; // pictures of some ten to a hundred kilobytes each
const NARROW = 480; // pixels of the widget's own width; in explore.css 30rem

// Points on the first axes: pulled by mouse or touch, moved by arrows, placed by a click beside them.
function buildPoints(control, start, changed) {
  const { low, high, step, most } = control;
  const row = document.createElement("div");
  row.className = "clusterlab-control clusterlab-tools";
  const name = document.createElement("span");
  const tools = document.createElement("span");
  const hint = document.createElement("small");
  hint.textContent =
    "Pull a point to move it, click beside it to add one. By keys: Tab to a point, arrows, Delete.";
  row.append(name, tools, hint);
  const layer = document.createElement("div");
  layer.className = "clusterlab-points";
  let points = start;
  let chosen = -1;
  const round = (value) => step * Math.round(Math.min(Math.max(value, low), high) / step);
  const share = (value) => `${(100 * (value - low)) / (high - low)}%`;

  function show() {
    while (layer.children.length > points.length) layer.lastChild.remove();
    while (layer.children.length < points.length) layer.append(handle());
    points.forEach(([x, y], k) => {
      const point = layer.children[k];
      point.style.left = share(x);
      point.style.bottom = share(y);
      point.setAttribute("aria-label", `${k + 1} of ${points.length}, at ${x}, ${y}`);
    });
    chosen = Math.min(chosen, points.length - 1);
    name.textContent = `${control.label}: ${points.length}, at most ${most}`;
    add.disabled = points.length >= most;
    remove.disabled = chosen < 0;
  }
  function change(next) {
    points = next;
    show();
    changed(control.name, points);
  }
  function move(k, x, y) {
    const [from, to] = [points[k], [round(x), round(y)]];
    if (from[0] !== to[0] || from[1] !== to[1]) change(points.map((old, i) => (i === k ? to : old)));
  }
  function place(x, y) {
    if (points.length >= most) return;
    change([...points, [round(x), round(y)]]);
    layer.lastChild.focus();
  }
  function drop(k) {
    change(points.filter((_, i) => i !== k));
    (layer.children[chosen] ?? add).focus();
  }
  function spot(event) {
    const frame = layer.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, frame.bottom - event.clientY];
    return [x / frame.width, y / frame.height].map((part) => low + part * (high - low));
  }

  function handle() {
    const point = document.createElement("button");
    point.type = "button";
    ownKeys(point);
    const mine = () => [...layer.children].indexOf(point);
    point.addEventListener("focus", () => {
      chosen = mine();
      remove.disabled = false;
    });
    point.addEventListener("pointerdown", (event) => {
      point.focus();
      point.setPointerCapture(event.pointerId);
    });
    point.addEventListener("pointermove", (event) => {
      if (point.hasPointerCapture(event.pointerId)) move(mine(), ...spot(event));
    });
    point.addEventListener("keydown", (event) => {
      const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      const [k, way] = [mine(), ways[event.key]];
      if (way) move(k, points[k][0] + step * way[0], points[k][1] + step * way[1]);
      else if (event.key === "Delete" || event.key === "Backspace") drop(k);
      else return;
      event.preventDefault();
    });
    return point;
  }
  const add = newButton(tools, "Add", () => place((low + high) / 2, (low + high) / 2));
  const remove = newButton(tools, "Remove", () => drop(chosen));
  layer.addEventListener("click", (event) => {
    if (event.target === layer) place(...spot(event));
  });
  const set = (next) => {
    points = next;
    show();
  };
  show();
  return { row, set, layer };
}

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
  shadow.innerHTML =
    "<style>svg { display: block; width: 100%; height: auto; }</style><div></div><slot></slot>";
  const ground = shadow.querySelector("div");
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
  let lay = () => {};
  let values = { ...model.get("values") };
  for (const control of model.get("controls")) {
    const build = control.kind === "points" ? buildPoints : buildControl;
    built[control.name] = build(control, values[control.name], (name, value) => {
      values = { ...values, [name]: value };
      ask(values);
    });
    controls.append(built[control.name].row);
    const { layer } = built[control.name];
    if (!layer) continue;
    picture.setAttribute("role", "group"); // there is something to reach within
    picture.append(layer);
    lay = () => {
      const parts = model.get("ground").map((share) => `${100 * share}%`);
      ["left", "top", "width", "height"].forEach((side, k) => (layer.style[side] = parts[k]));
    };
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
    lay();
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
  const deafen = hear(model, [
    ["edition", forget],
    ["drawing sentence problem answered", draw],
    ["ahead", ahead],
    ["answered", answered],
    ["values", moved],
  ]);
  draw();
  box.append(controls, picture, problem, silence.words, sentence);
  const takeAway = putInto(el, box, model);

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
    deafen();
    takeAway();
  };
}

export default { render };
