// A network on a canvas: layout fixed, nodes draggable, one spoken name per node.
// The canvas is a list box for the keyboard: arrows go to the nearest node that way, Shift with an
// arrow moves the node, Home goes to the first. Colour says role, shape says owner.

const DASHES = { solid: [], dashed: [7, 5], dotted: [2, 4] };

function trace(pen, shape, x, y, r) {
  pen.beginPath();
  const polygon = (sides, turn, scale) => {
    for (let i = 0; i < sides; i++) {
      const angle = turn + (2 * Math.PI * i) / sides;
      pen.lineTo(x + scale * r * Math.cos(angle), y + scale * r * Math.sin(angle));
    }
    pen.closePath();
  };
  if (shape === "square") polygon(4, Math.PI / 4, 1.2);
  else if (shape === "diamond") polygon(4, 0, 1.3);
  else if (shape === "triangle") polygon(3, -Math.PI / 2, 1.35);
  else if (shape === "hexagon") polygon(6, 0, 1.1);
  else pen.arc(x, y, r, 0, 2 * Math.PI);
}

function render({ model, el }) {
  const id = newId();
  const box = document.createElement("div");
  box.className = "clusterlab-graph";
  const canvas = document.createElement("canvas");
  canvas.tabIndex = 0;
  ownKeys(canvas);
  canvas.setAttribute("role", "listbox");
  const options = document.createElement("div");
  options.className = "clusterlab-unseen";
  options.id = `${id}-options`;
  canvas.setAttribute("aria-owns", options.id);
  const tip = document.createElement("p");
  tip.className = "clusterlab-tip";
  tip.setAttribute("aria-live", "polite");
  const sentence = document.createElement("p");
  const legend = document.createElement("p");
  legend.className = "clusterlab-legend";
  box.append(canvas, options, tip, legend, sentence);
  el.append(box, hideStill(model));

  const width = model.get("width");
  const height = model.get("height");
  const pen = canvas.getContext("2d");
  let nodes = [];
  let edges = [];
  let at = new Float32Array(0);
  let active = -1;
  let dragged = null;
  let painting = false;
  let dark = onDarkPage(el);

  // sizes in the units of the drawing; the page may show it smaller
  const x = (i) => at[2 * i] * width;
  const y = (i) => at[2 * i + 1] * height;

  function edgePath(edge) {
    const [ax, ay, bx, by] = [x(edge.from), y(edge.from), x(edge.to), y(edge.to)];
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
    const bend = edge.bend * Math.min(0.22 * length, 46);
    const middle = [(ax + bx) / 2 - bend * uy, (ay + by) / 2 + bend * ux];
    const gap = nodes[edge.to].radius * 1.25 + 2 + edge.width / 2;
    const [tx, ty] = [bx - middle[0], by - middle[1]];
    const turn = Math.hypot(tx, ty) || 1;
    return { ax, ay, middle, end: [bx - (gap * tx) / turn, by - (gap * ty) / turn], tx: tx / turn, ty: ty / turn };
  }

  // ties of one look are stroked together: 500 nodes stay smooth
  function paintEdges(ink) {
    const looks = new Map();
    for (const edge of edges) {
      const near = active >= 0 && (edge.from === active || edge.to === active);
      const key = `${near}|${edge.style}|${edge.colour}|${edge.width}|${edge.alpha}`;
      if (!looks.has(key)) {
        looks.set(key, { edge, near, lines: new Path2D(), heads: new Path2D() });
      }
      const { lines, heads } = looks.get(key);
      const { ax, ay, middle, end, tx, ty } = edgePath(edge);
      lines.moveTo(ax, ay);
      if (edge.bend) lines.quadraticCurveTo(...middle, ...end);
      else lines.lineTo(...end);
      if (edge.arrow) {
        const s = 4 + 2 * edge.width;
        heads.moveTo(end[0] + tx * 2, end[1] + ty * 2);
        heads.lineTo(end[0] - s * (tx + 0.5 * ty), end[1] - s * (ty - 0.5 * tx));
        heads.lineTo(end[0] - s * (tx - 0.5 * ty), end[1] - s * (ty + 0.5 * tx));
        heads.closePath();
      }
    }
    const inOrder = [...looks.values()].sort((one, other) => one.near - other.near);
    for (const { edge, near, lines, heads } of inOrder) {
      pen.globalAlpha = active < 0 || near ? edge.alpha : edge.alpha * 0.25;
      pen.strokeStyle = edge.colour || ink;
      pen.fillStyle = edge.colour || ink;
      pen.lineWidth = near ? edge.width + 0.8 : edge.width;
      pen.setLineDash(DASHES[edge.style] || []);
      pen.stroke(lines);
      pen.setLineDash([]);
      pen.fill(heads);
    }
    pen.globalAlpha = 1;
  }

  function write(text, px, py, ink, ground) {
    pen.lineWidth = 4;
    pen.strokeStyle = ground;
    pen.lineJoin = "round";
    pen.strokeText(text, px, py);
    pen.fillStyle = ink;
    pen.fillText(text, px, py);
  }

  function paint() {
    painting = false;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const ink = dark ? "#e8e8e8" : "#222222";
    const ground = dark ? "#111111" : "#ffffff";
    pen.clearRect(0, 0, width, height);
    pen.font = "14px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    paintEdges(ink);
    nodes.forEach((node, i) => {
      trace(pen, node.shape, x(i), y(i), node.radius);
      pen.fillStyle = node.colour;
      pen.fill();
      pen.lineWidth = i === active ? 4 : 1.2;
      pen.strokeStyle = i === active ? "#E69F00" : ink;
      pen.stroke();
    });
    for (const edge of edges) {
      if (!edge.label) continue;
      const path = edgePath(edge);
      const px = 0.36 * path.ax + 0.48 * path.middle[0] + 0.16 * path.end[0]; // at t = 0.4
      const py = 0.36 * path.ay + 0.48 * path.middle[1] + 0.16 * path.end[1];
      write(edge.label, px, py, ink, ground);
    }
    nodes.forEach((node, i) => {
      if (node.label || i === active) {
        const side = at[2 * i + 1] < 0.5 ? -1 : 1; // outwards, away from the ties
        const text = node.label || node.name;
        const half = pen.measureText(text).width / 2 + 3;
        const px = Math.min(Math.max(x(i), half), width - half);
        const py = y(i) + side * (node.radius * 1.3 + 11);
        write(text, px, Math.min(Math.max(py, 10), height - 10), ink, ground);
      }
    });
    box.dataset.frames = Number(box.dataset.frames || 0) + 1;
  }

  function ask() {
    if (!painting) {
      painting = true;
      requestAnimationFrame(paint);
    }
  }

  function focus(i, speak = true) {
    active = i;
    if (i >= 0) {
      canvas.setAttribute("aria-activedescendant", `${id}-${i}`);
      for (const option of options.children) option.removeAttribute("aria-selected");
      options.children[i].setAttribute("aria-selected", "true");
    } else canvas.removeAttribute("aria-activedescendant");
    if (speak) tip.textContent = i < 0 ? model.get("hint") : nodes[i].spoken;
    ask();
  }

  function fill() {
    nodes = model.get("nodes");
    edges = model.get("edges");
    canvas.setAttribute("aria-label", model.get("sentence"));
    sentence.textContent = model.get("sentence");
    options.replaceChildren(
      ...nodes.map((node, i) => {
        const option = document.createElement("div");
        option.setAttribute("role", "option");
        option.id = `${id}-${i}`;
        option.textContent = node.spoken;
        return option;
      }),
    );
    legend.replaceChildren(
      ...model.get("legend").map((entry) => {
        const item = document.createElement("span");
        const mark = document.createElement("canvas");
        mark.width = 40;
        mark.height = 32;
        mark.style.width = "20px";
        mark.style.height = "16px";
        const small = mark.getContext("2d");
        small.scale(2, 2);
        if (entry.style) {
          small.setLineDash(DASHES[entry.style].map((part) => part / 2));
          small.lineWidth = 2;
          small.strokeStyle = entry.colour || (dark ? "#e8e8e8" : "#222222");
          small.beginPath();
          small.moveTo(1, 8);
          small.lineTo(19, 8);
          small.stroke();
        } else {
          trace(small, entry.shape, 10, 8.5, 5.5);
          small.fillStyle = entry.colour || "transparent";
          small.fill();
          small.lineWidth = 1.2;
          small.strokeStyle = dark ? "#e8e8e8" : "#222222";
          small.stroke();
        }
        item.append(mark, entry.text);
        return item;
      }),
    );
    if (active >= nodes.length) active = -1;
    focus(active);
  }

  function place() {
    const bytes = model.get("positions");
    at = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    ask();
  }

  function pointer(event) {
    const frame = canvas.getBoundingClientRect();
    return [
      ((event.clientX - frame.left) / frame.width) * width,
      ((event.clientY - frame.top) / frame.height) * height,
    ];
  }

  function under([px, py]) {
    let best = -1;
    let least = Infinity;
    nodes.forEach((node, i) => {
      const away = Math.hypot(x(i) - px, y(i) - py);
      if (away < Math.max(node.radius * 1.2, 9) && away < least) [best, least] = [i, away];
    });
    return best;
  }

  function move(i, px, py) {
    const r = nodes[i].radius * 1.4;
    at[2 * i] = Math.min(Math.max(px, r), width - r) / width;
    at[2 * i + 1] = Math.min(Math.max(py, r), height - r) / height;
    ask();
  }

  function keep() {
    model.set("positions", new DataView(at.slice().buffer));
    model.save_changes();
  }

  canvas.addEventListener("pointerdown", (event) => {
    const i = under(pointer(event));
    focus(i);
    if (i >= 0) {
      dragged = i;
      canvas.setPointerCapture(event.pointerId);
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    const spot = pointer(event);
    if (dragged !== null) move(dragged, ...spot);
    else {
      const i = under(spot);
      canvas.style.cursor = i >= 0 ? "grab" : "default";
      if (i >= 0 && i !== active) focus(i);
    }
  });
  canvas.addEventListener("pointerup", () => {
    if (dragged !== null) keep();
    dragged = null;
  });
  canvas.addEventListener("pointerleave", () => {
    if (dragged === null && document.activeElement !== canvas) focus(-1);
  });
  canvas.addEventListener("focus", () => {
    if (active < 0 && nodes.length && canvas.matches(":focus-visible")) focus(0);
  });
  canvas.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    if (event.key === "Escape") focus(-1);
    else if (event.key === "Home" || (way && active < 0)) focus(0);
    else if (event.key === "End") focus(nodes.length - 1);
    else if (way && event.shiftKey) {
      move(active, x(active) + 12 * way[0], y(active) + 12 * way[1]);
      keep();
    } else if (way) {
      let best = active;
      let least = Infinity;
      nodes.forEach((_, i) => {
        const along = (x(i) - x(active)) * way[0] + (y(i) - y(active)) * way[1];
        const aside = Math.abs((x(i) - x(active)) * way[1]) + Math.abs((y(i) - y(active)) * way[0]);
        if (i !== active && along > 0.5 && along + 2 * aside < least) {
          [best, least] = [i, along + 2 * aside];
        }
      });
      focus(best);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  canvas.style.width = `${width}px`;
  canvas.style.maxWidth = "100%";
  place();
  fill();
  model.on("change:positions", place);
  model.on("change:nodes change:edges change:sentence change:legend", fill);
  const unwatch = watchGround(() => {
    dark = onDarkPage(el);
    fill();
  });
  return () => {
    unwatch();
    model.off("change:positions", place);
    model.off("change:nodes change:edges change:sentence change:legend", fill);
  };
}

export default { render };
