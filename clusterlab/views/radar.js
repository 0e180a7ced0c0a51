// A radar whose corners are sliders. What a corner's value makes of the total is computed here, from
// the weights and exponents the kernel sent, so that numbers follow the hand. What takes a model (the
// path) is asked of the kernel: one question at a time, the newest position waits.

const SVG = "http://www.w3.org/2000/svg";
const CENTRE = { x: 260, y: 190 };
const RADIUS = 125;
// Notebook 7 and JupyterLite act on arrow keys unless the focused element itself has this attribute.
const KEPT = "data-lm-suppress-shortcuts";
let count = 0;

function make(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Weighted power mean; exponent null stands for the minimum.
export function mean(values, weights, exponent) {
  const used = values.filter((_, i) => weights[i] > 0);
  const share = weights.filter((weight) => weight > 0);
  const least = Math.min(...used);
  if (exponent === null) return least;
  if (exponent === 1) return used.reduce((sum, value, i) => sum + share[i] * value, 0);
  if (Math.abs(exponent) < 1e-6) {
    return Math.exp(used.reduce((sum, value, i) => sum + share[i] * Math.log(value), 0));
  }
  const sum = used.reduce((all, value, i) => all + share[i] * (value / least) ** exponent, 0);
  return least * sum ** (1 / exponent);
}

export function weakest(values, names) {
  const least = Math.min(...values);
  const which = names.filter((_, i) => values[i] - least < 1e-9);
  if (which.length === names.length) return "none";
  return which.join(" and ");
}

function render({ model, el }) {
  const names = model.get("names");
  const { low, high, step } = model.get("scale");
  const id = `clusterlab-radar-${++count}`;
  const angles = names.map((_, i) => (2 * Math.PI * i) / names.length - Math.PI / 2);
  const place = (i, value) => {
    const r = (RADIUS * (value - low)) / (high - low);
    return [CENTRE.x + r * Math.cos(angles[i]), CENTRE.y + r * Math.sin(angles[i])];
  };
  const corners = (values) => values.map((value, i) => place(i, value).join(",")).join(" ");

  const box = document.createElement("div");
  box.className = "clusterlab-radar";
  const panels = document.createElement("div");
  panels.className = "clusterlab-radar-panels";

  const radar = make("svg", { viewBox: "30 10 470 360", width: 470, height: 360, role: "group",
    "aria-label": `${model.get("title")}: drag a corner, or use the arrow keys` });
  for (const part of [0.25, 0.5, 0.75, 1]) {
    radar.append(make("polygon", { class: "grid", points: corners(names.map(() => low + part * (high - low))) }));
  }
  names.forEach((_, i) => {
    const [x2, y2] = place(i, high);
    radar.append(make("line", { class: "grid", x1: CENTRE.x, y1: CENTRE.y, x2, y2 }));
  });
  const was = make("polygon", { class: "was", points: corners(model.get("start")) });
  const now = make("polygon", { class: "now" });
  radar.append(was, now);

  const scores = names.map((name, i) => {
    const side = Math.cos(angles[i]);
    const [x, y] = place(i, high);
    const anchor = side > 0.3 ? "start" : side < -0.3 ? "end" : "middle";
    const words = name.split(" ");
    const half = Math.ceil(words.length / 2);
    const lines = anchor === "middle" || words.length < 2
      ? [name] : [words.slice(0, half).join(" "), words.slice(half).join(" ")];
    const below = Math.sin(angles[i]) > 0.3;
    const left = x + 14 * Math.sign(Math.round(side * 10));
    const top = anchor === "middle" ? (below ? y + 24 : y - 30) : y - 16;
    const label = make("text", { "text-anchor": anchor, "aria-hidden": "true" });
    lines.forEach((line, k) => {
      const span = make("tspan", { x: left, y: top + 19 * k });
      span.textContent = line;
      label.append(span);
    });
    const score = make("tspan", { x: left, y: top + 19 * lines.length, "font-weight": 600 });
    label.append(score);
    radar.append(label);
    return score;
  });

  const side = document.createElement("div");
  side.className = "clusterlab-radar-side";
  const numbers = document.createElement("div");
  numbers.className = "clusterlab-radar-numbers";
  const entry = (term) => {
    const row = document.createElement("div");
    const left = document.createElement("span");
    left.textContent = term;
    const right = document.createElement("span");
    row.append(left, right);
    numbers.append(row);
    return right;
  };
  const choice = document.createElement("select");
  choice.id = id;
  choice.setAttribute(KEPT, "");
  model.get("aggregations").forEach((aggregation) => {
    const option = document.createElement("option");
    option.textContent = aggregation.name;
    choice.append(option);
  });
  const chosen = document.createElement("label");
  chosen.htmlFor = id;
  chosen.textContent = "mean of the facets";
  const pick = entry("");
  pick.previousSibling.append(chosen);
  pick.append(choice);
  const total = entry(`total (${model.get("unit")})`);
  total.dataset.number = "total";
  const bottleneck = entry("bottleneck");
  bottleneck.dataset.number = "bottleneck";
  const gains = names.map((name) => entry(`1 more of ${name}`));
  gains.forEach((gain, i) => {
    gain.dataset.gain = names[i];
  });
  const reset = document.createElement("button");
  reset.type = "button";
  reset.setAttribute(KEPT, "");
  reset.textContent = "Reset";
  const chart = make("svg", { viewBox: "0 0 400 190", width: 400, height: 190, role: "img" });
  side.append(numbers, chart, reset);
  const problem = document.createElement("p");
  problem.className = "clusterlab-problem";
  problem.setAttribute("role", "alert");
  const sentence = document.createElement("p");
  sentence.setAttribute("aria-live", "polite");
  sentence.dataset.number = "path";

  let values = [...model.get("values")];
  let waiting = false;
  const ask = () => {
    if (model.get("answered") < model.get("request")) {
      waiting = true;
      return;
    }
    waiting = false;
    model.set("values", [...values]);
    model.set("request", model.get("request") + 1);
    model.save_changes();
  };

  const handles = names.map((name, i) => {
    const handle = make("g", { role: "slider", tabindex: 0, "aria-label": name, [KEPT]: "",
      "aria-valuemin": low, "aria-valuemax": high, "aria-orientation": "vertical" },
      make("circle", { class: "reach", r: 17 }), make("circle", { r: 9 }));
    const move = (value) => {
      const snapped = low + Math.round((value - low) / step) * step;
      const next = Math.min(high, Math.max(low, Number(snapped.toFixed(6))));
      if (next === values[i]) return;
      values[i] = next;
      show();
      ask();
    };
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      event.preventDefault();
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(radar.getScreenCTM().inverse());
      const along = (at.x - CENTRE.x) * Math.cos(angles[i]) + (at.y - CENTRE.y) * Math.sin(angles[i]);
      move(low + (along / RADIUS) * (high - low));
    });
    handle.addEventListener("keydown", (event) => {
      const jumps = { ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step,
        PageUp: 10 * step, PageDown: -10 * step };
      if (event.key === "Home") move(low);
      else if (event.key === "End") move(high);
      else if (event.key in jumps) move(values[i] + jumps[event.key]);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    radar.append(handle);
    return handle;
  });

  const show = () => {
    const weights = model.get("weights");
    const { exponent } = model.get("aggregations")[choice.selectedIndex];
    const least = Math.min(...values);
    const whole = mean(values, weights, exponent);
    now.setAttribute("points", corners(values));
    handles.forEach((handle, i) => {
      const [x, y] = place(i, values[i]);
      handle.setAttribute("transform", `translate(${x} ${y})`);
      handle.setAttribute("aria-valuenow", values[i]);
      handle.setAttribute("aria-valuetext", `${values[i].toFixed(0)} ${model.get("unit")}`);
      handle.dataset.weak = values[i] - least < 1e-9 && bottleneckIsOne(values);
      scores[i].textContent = values[i].toFixed(0);
      const more = values.map((value, k) => value + (k === i ? 1 : 0));
      gains[i].textContent = `total +${(mean(more, weights, exponent) - whole).toFixed(2)}`;
    });
    total.textContent = whole.toFixed(2);
    bottleneck.textContent = weakest(values, names);
  };
  const bottleneckIsOne = (all) => weakest(all, names) !== "none";

  const path = () => {
    chart.replaceChildren();
    const { x, y, x_label: below, y_label: beside, levels } = model.get("path");
    sentence.textContent = model.get("sentence");
    problem.textContent = model.get("problem");
    chart.setAttribute("aria-label", model.get("sentence"));
    if (!x || !x.length) return;
    const right = 300;
    const across = (value) => 46 + ((right - 46) * value) / x[x.length - 1];
    const up = (value) => 150 - 140 * value;
    const write = (words, at) => {
      const text = make("text", at);
      text.textContent = words;
      chart.append(text);
    };
    chart.append(make("path", { class: "grid", d: `M46 10V150H${right}` }));
    for (const tick of [0, 0.5, 1]) write(tick, { x: 40, y: up(tick) + 5, "text-anchor": "end" });
    for (const tick of [0, 0.5, 1]) {
      write((tick * x[x.length - 1]).toFixed(0), { x: across(tick * x[x.length - 1]), y: 168, "text-anchor": "middle" });
    }
    write(below, { x: (46 + right) / 2, y: 186, "text-anchor": "middle" });
    write(beside, { x: 54, y: 18 });
    for (const level of levels) {
      chart.append(make("line", { class: "level", x1: 46, x2: right, y1: up(level.y), y2: up(level.y) }));
      write(level.label, { x: right + 6, y: up(level.y) + 5 });
    }
    chart.append(make("polyline", { class: "line", points: x.map((v, i) => `${across(v)},${up(y[i])}`).join(" ") }));
    box.dataset.path = Number(box.dataset.path || 0) + 1;
  };

  choice.addEventListener("change", () => {
    model.set("aggregation", model.get("aggregations")[choice.selectedIndex].name);
    model.save_changes();
    show();
  });
  reset.addEventListener("click", () => {
    values = [...model.get("start")];
    show();
    ask();
  });
  const answered = () => {
    if (model.get("answered") >= model.get("request") && waiting) ask();
  };
  const moved = () => {
    if (waiting || model.get("answered") < model.get("request")) return;
    values = [...model.get("values")];
    show();
  };
  const chose = () => {
    choice.selectedIndex = model.get("aggregations").findIndex((a) => a.name === model.get("aggregation"));
    show();
  };
  model.on("change:answered", answered);
  model.on("change:values", moved);
  model.on("change:aggregation", chose);
  model.on("change:path change:sentence change:problem", path);
  panels.append(radar, side);
  box.append(panels, problem, sentence);
  el.append(box);
  chose();
  path();
  return () => {
    model.off("change:answered", answered);
    model.off("change:values", moved);
    model.off("change:aggregation", chose);
    model.off("change:path change:sentence change:problem", path);
  };
}

export default { render };
