// The explorer's sliders as corners of a polygon: a dragged corner moves its slider, and the slider
// does the rest (keys, spoken names, asking the kernel). Every number comes from the kernel.

const SVG = "http://www.w3.org/2000/svg";
const [ACROSS, DOWN, RADIUS] = [230, 180, 125];

function make(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function write(words, x, y, anchor) {
  const text = make("text", { "text-anchor": anchor });
  words.forEach((line, k) => {
    const span = make("tspan", { x, y: y + 19 * k });
    span.textContent = line;
    text.append(span);
  });
  return text;
}

function dress({ model, el }) {
  const names = model.get("corners");
  const inputs = names.map((name) => el.querySelector(`[data-name="${name}"]`));
  const [low, high] = [Number(inputs[0].min), Number(inputs[0].max)];
  const angles = names.map((_, i) => (2 * Math.PI * i) / names.length - Math.PI / 2);
  const place = (i, value) => {
    const r = (RADIUS * (value - low)) / (high - low);
    return [ACROSS + r * Math.cos(angles[i]), DOWN + r * Math.sin(angles[i])];
  };
  const ring = (values) => values.map((value, i) => place(i, value).join(",")).join(" ");

  const svg = make("svg", { viewBox: "9 0 442 360", width: 442, height: 360, "aria-hidden": "true" });
  for (const part of [0.25, 0.5, 0.75, 1]) {
    svg.append(make("polygon", { class: "grid", points: ring(names.map(() => low + part * (high - low))) }));
  }
  const starts = model.get("controls").filter(({ name }) => names.includes(name));
  const now = make("polygon", { class: "now" });
  svg.append(make("polygon", { class: "was", points: ring(starts.map(({ start }) => start)) }), now);
  const scores = names.map((name, i) => {
    const [x, y] = place(i, high);
    const side = Math.round(Math.cos(angles[i]));
    const middle = name.indexOf(" ", name.length / 2 - 3);
    const words = side && middle > 0 ? [name.slice(0, middle), name.slice(middle + 1)] : [name];
    const top = side ? y - 16 : y > DOWN ? y + 24 : y - 30;
    const label = write([...words, ""], x + 12 * side, top, ["end", "middle", "start"][side + 1]);
    svg.append(label);
    return label.lastChild;
  });
  const handles = names.map((name, i) => {
    const handle = make("g", { class: "corner", "data-corner": name });
    handle.append(make("circle", { class: "reach", r: 17 }), make("circle", { r: 9 }));
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      inputs[i].focus({ preventScroll: true });
      event.preventDefault();
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const along = (at.x - ACROSS) * Math.cos(angles[i]) + (at.y - DOWN) * Math.sin(angles[i]);
      const before = inputs[i].value;
      inputs[i].value = low + (along / RADIUS) * (high - low); // the slider keeps to its steps and ends
      if (inputs[i].value !== before) inputs[i].dispatchEvent(new Event("input", { bubbles: true }));
    });
    svg.append(handle);
    return handle;
  });

  const numbers = document.createElement("dl");
  const show = () => {
    const values = inputs.map((input) => Number(input.value));
    now.setAttribute("points", ring(values));
    handles.forEach((handle, i) => {
      handle.setAttribute("transform", `translate(${place(i, values[i]).join(" ")})`);
      handle.dataset.marked = model.get("marked").includes(names[i]);
      scores[i].textContent = inputs[i].value;
    });
  };
  const tell = () => {
    numbers.hidden = Boolean(model.get("problem"));
    numbers.innerHTML = "<dt></dt><dd></dd>".repeat(model.get("numbers").length);
    model.get("numbers").flat().forEach((words, k) => (numbers.children[k].textContent = words));
    show();
  };

  const box = el.querySelector(".clusterlab-explorer");
  const [left, right] = [document.createElement("div"), document.createElement("div")];
  left.append(svg, numbers, box.querySelector("[aria-live]"));
  right.append(...box.querySelectorAll(".clusterlab-controls, .clusterlab-picture"));
  const both = document.createElement("div");
  both.className = "clusterlab-radar";
  both.append(left, right);
  box.prepend(both);
  box.addEventListener("input", show);
  box.addEventListener("click", show); // the button that puts all back
  tell();
  return hear(model, [["numbers marked problem values", tell]]);
}

export default {
  render(all) {
    const ends = [explorer.render(all), dress(all)];
    return () => ends.forEach((end) => end());
  },
};
