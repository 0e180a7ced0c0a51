// A network on a canvas: layout fixed, nodes draggable, one spoken name per node.
// The canvas is a list box for the keyboard: arrows go to the nearest node that way, Shift with an
// arrow moves the node, Home goes to the first. Colour says role, shape says owner.
//
// Where the reader makes something, ties are drawn and cut here, by pointer, touch and keys. The page
// sends what ties there are and shows what Python answers; it computes nothing.

const NARROW_GRAPH = { width: 360, height: 400 }; // on a phone letters stay as large as they are

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
  const making = model.get("making");
  const controls = document.createElement("div");
  controls.className = "clusterlab-controls";
  const tools = document.createElement("div");
  tools.className = "clusterlab-tools";
  const problem = document.createElement("p");
  problem.className = "clusterlab-problem";
  problem.setAttribute("role", "alert");
  const owed = () => model.get("answered") < model.get("request");
  const silence = watchAnswers(owed);
  if (making) {
    box.classList.add("clusterlab-explorer");
    sentence.setAttribute("aria-live", "polite");
    box.append(controls, canvas, options, tools, tip, legend, problem, silence.words, sentence);
  } else box.append(canvas, options, tip, legend, sentence);
  const takeAway = putInto(el, box, model);

  let width = model.get("width");
  let height = model.get("height");
  const pen = canvas.getContext("2d");
  let nodes = [];
  let edges = [];
  let at = new Float32Array(0);
  let active = -1;
  let dragged = null;
  let painting = false;
  let tie = -1; // the tie in focus
  let from = -1; // where a tie begins that waits for its other end
  let pulling = null; // the node that a tie is pulled from, and where to
  let pulled = null;
  let pressed = -1;
  let dark = onDarkPage(el);

  // sizes in the units of the drawing; the page may show it smaller
  const x = (i) => at[2 * i] * width;
  const y = (i) => at[2 * i + 1] * height;

  function edgePath(edge) {
    const [ax, ay, bx, by] = [x(edge.from), y(edge.from), x(edge.to), y(edge.to)];
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
    const bend = edge.bend * Math.min(0.22 * length, 46);
    const middle = [(ax + bx) / 2 + bend * uy, (ay + by) / 2 - bend * ux]; // to the left, as drawn
    const gap = edge.arrow ? nodes[edge.to].radius * 1.25 + 2 + edge.width / 2 : 0; // for its head
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
      // who makes something looks at what it does to all, so there the others do not fade
      pen.globalAlpha = active < 0 || near || making ? edge.alpha : edge.alpha * 0.25;
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

  function paintMaking() {
    pen.strokeStyle = "#E69F00";
    if (tie >= 0) {
      const path = edgePath(edges[tie]);
      pen.lineWidth = edges[tie].width + 4;
      pen.beginPath();
      pen.moveTo(path.ax, path.ay);
      pen.quadraticCurveTo(...path.middle, ...path.end);
      pen.stroke();
    }
    const begun = pulling ?? from;
    if (begun < 0) return;
    pen.lineWidth = 3;
    pen.setLineDash([6, 4]);
    pen.beginPath();
    pen.arc(x(begun), y(begun), nodes[begun].radius * 1.3 + 5, 0, 2 * Math.PI);
    if (pulled) {
      pen.moveTo(x(begun), y(begun));
      pen.lineTo(...pulled);
    }
    pen.stroke();
    pen.setLineDash([]);
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
    if (making) paintMaking();
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
      const px = 0.36 * path.ax + 0.48 * path.middle[0] + 0.16 * path.end[0]; // at t = 0.4,
      const py = 0.36 * path.ay + 0.48 * path.middle[1] + 0.16 * path.end[1]; // before ties cross
      // left of its way, to where it bends: no line through a number
      const [wx, wy] = [x(edge.to) - x(edge.from), y(edge.to) - y(edge.from)];
      const length = Math.hypot(wx, wy) || 1;
      const [nx, ny] = [wy / length, -wx / length];
      const half = pen.measureText(edge.label).width / 2 + 3;
      const [sx, sy] = [nx, ny].map((part) => Math.sign(Math.round(4 * part)));
      const gap = 4 + edge.width / 2;
      const lx = Math.min(Math.max(px + gap * nx + sx * half, half), width - half);
      const ly = Math.min(Math.max(py + gap * ny + sy * 9, 10), height - 10);
      write(edge.label, lx, ly, ink, ground);
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
    tie = -1;
    select(i);
    if (speak) tip.textContent = i < 0 ? model.get("hint") : nodes[i].spoken;
    ask();
  }

  function select(option) {
    for (const each of options.children) each.removeAttribute("aria-selected");
    if (option >= 0) {
      canvas.setAttribute("aria-activedescendant", `${id}-${option}`);
      options.children[option].setAttribute("aria-selected", "true");
    } else canvas.removeAttribute("aria-activedescendant");
    start.disabled = active < 0;
    cutter.disabled = tie < 0;
    start.textContent = from < 0 ? "Tie from here" : `Leave the tie from ${nodes[from].name}`;
  }

  // What the reader makes. One question is under way at a time; the newest waits.
  let now = { made: model.get("made"), values: model.get("values") };
  let waiting = false;
  const past = [];
  const same = ([u, v], [a, b]) =>
    (u === a && v === b) || (!model.get("directed") && u === b && v === a);
  const ends = (edge) => [nodes[edge.from].name, nodes[edge.to].name];
  const tieWords = (edge) => {
    const [u, v] = ends(edge);
    const words = edge.arrow ? `Tie from ${u} to ${v}` : `Tie between ${u} and ${v}`;
    return `${words}${edge.label ? `, ${edge.label}` : ""}.`;
  };

  function send() {
    undo.disabled = !past.length;
    waiting = owed();
    if (waiting) return;
    model.set("request", model.get("request") + 1);
    model.set("made", now.made);
    model.set("values", now.values);
    box.setAttribute("aria-busy", "true");
    silence.look();
    model.save_changes();
  }

  function change(made, values = now.values) {
    past.push(now.made);
    now = { made, values };
    send();
  }

  function begin(i) {
    from = i === from ? -1 : i;
    focus(active);
    if (from >= 0) {
      tip.textContent =
        `A tie from ${nodes[from].name}: choose the other node and press T, or tap it. ` +
        "Escape leaves it.";
    }
  }

  function join(one, other) {
    const pair = [nodes[one].name, nodes[other].name];
    from = -1;
    focus(other);
    const edge = edges.find((each) => same(ends(each), pair));
    if (edge) tip.textContent = `${tieWords(edge)} It is there already.`;
    else change([...now.made, pair]);
  }

  function cut(k) {
    const pair = ends(edges[k]);
    focus(edges[k].from);
    change(now.made.filter((each) => !same(each, pair)));
  }

  function focusTie(k) {
    tie = k;
    select(nodes.length + k);
    tip.textContent = `${tieWords(edges[k])} Click it, or press Delete, to cut it.`;
    ask();
  }

  function nextTie() {
    const near = (edge) => active < 0 || edge.from === active || edge.to === active;
    const these = edges.map((_, k) => k).filter((k) => near(edges[k]));
    if (these.length) focusTie(these[(these.indexOf(tie) + 1) % these.length]);
  }

  const start = newButton(tools, "Tie from here", () => begin(from < 0 ? active : from));
  const cutter = newButton(tools, "Cut this tie", () => cut(tie));
  const undo = newButton(tools, "Undo", () => {
    now = { ...now, made: past.pop() };
    send();
  });
  undo.disabled = true;
  newButton(tools, "Reset", () => {
    const values = model.get("controls").map(({ name, start: at }) => [name, at]);
    change(model.get("first"), Object.fromEntries(values));
    showValues();
  });
  const built = {};
  for (const control of model.get("controls") ?? []) {
    built[control.name] = buildControl(control, now.values[control.name], (name, value) => {
      now = { ...now, values: { ...now.values, [name]: value } };
      send();
    });
    controls.append(built[control.name].row);
  }
  const showValues = () => {
    for (const name of Object.keys(built)) built[name].set(now.values[name]);
  };
  const answered = () => {
    silence.look();
    if (owed()) return;
    box.setAttribute("aria-busy", "false");
    if (waiting) send();
    else elsewhere(); // it may have been made in another view of this widget
  };
  const elsewhere = () => {
    if (waiting || owed()) return;
    now = { made: model.get("made"), values: model.get("values") };
    showValues();
  };

  function fill() {
    nodes = model.get("nodes");
    edges = model.get("edges");
    canvas.setAttribute("aria-label", model.get("sentence"));
    if (sentence.textContent !== model.get("sentence")) sentence.textContent = model.get("sentence");
    problem.textContent = model.get("problem") ?? "";
    box.dataset.stale = Boolean(problem.textContent);
    options.replaceChildren(
      ...[...nodes.map((node) => node.spoken), ...(making ? edges.map(tieWords) : [])].map(
        (words, i) => {
          const option = document.createElement("div");
          option.setAttribute("role", "option");
          option.id = `${id}-${i}`;
          option.textContent = words;
          return option;
        },
      ),
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

  // how many units of the drawing a pixel of the page is
  const zoom = () => width / (canvas.getBoundingClientRect().width || width);

  function tieUnder([px, py]) {
    let best = -1;
    let least = 9 * zoom();
    edges.forEach((edge, k) => {
      const path = edgePath(edge);
      for (let t = 0; t <= 1; t += 0.02) {
        const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
        const away = Math.hypot(
          a * path.ax + b * path.middle[0] + c * path.end[0] - px,
          a * path.ay + b * path.middle[1] + c * path.end[1] - py,
        );
        if (away < least) [best, least] = [k, away];
      }
    });
    return best;
  }

  function under([px, py]) {
    let best = -1;
    let least = Infinity;
    nodes.forEach((node, i) => {
      const away = Math.hypot(x(i) - px, y(i) - py);
      const reach = Math.max(node.radius * 1.2, making ? 16 * zoom() : 9); // a thumb's, if it makes
      if (away < reach && away < least) [best, least] = [i, away];
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
    const spot = pointer(event);
    const i = under(spot);
    pressed = making && i < 0 ? tieUnder(spot) : -1;
    if (i < 0) from = -1;
    if (pressed < 0) focus(i);
    if (i < 0) return;
    if (making && !event.shiftKey) pulling = i;
    else dragged = i;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const spot = pointer(event);
    if (dragged !== null) {
      move(dragged, ...spot);
      return;
    }
    const i = under(spot);
    const k = making && i < 0 && pulling === null ? tieUnder(spot) : -1;
    canvas.style.cursor = k >= 0 ? "pointer" : i < 0 ? "default" : making ? "crosshair" : "grab";
    if (pulling !== null) {
      pulled = spot;
      ask();
    }
    if (i >= 0 && i !== active) focus(i);
    else if (k >= 0 && k !== tie) focusTie(k);
    else if (k < 0 && tie >= 0) focus(active);
  });
  canvas.addEventListener("pointerup", (event) => {
    const spot = pointer(event);
    const i = under(spot);
    if (dragged !== null) keep();
    else if (pulling !== null && i >= 0) {
      if (i !== pulling) join(pulling, i);
      else if (from >= 0 && from !== i) join(from, i);
    } else if (pressed >= 0 && tieUnder(spot) === pressed) cut(pressed);
    letGo();
  });
  const letGo = () => {
    [dragged, pulling, pulled, pressed] = [null, null, null, -1];
    ask();
  };
  canvas.addEventListener("pointercancel", letGo);
  canvas.addEventListener("pointerleave", () => {
    // where something is made the buttons are about the node that was chosen last
    if (dragged === null && !making && !canvas.matches(":focus")) focus(-1);
  });
  canvas.addEventListener("focus", () => {
    if (active < 0 && nodes.length && canvas.matches(":focus-visible")) focus(0);
  });
  canvas.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    const key = event.ctrlKey || event.metaKey || event.altKey ? "" : event.key.toLowerCase();
    if (event.key === "Escape" && from >= 0) begin(from);
    else if (event.key === "Escape") focus(-1);
    else if (making && key === "t" && active >= 0) {
      if (from < 0 || from === active) begin(active);
      else join(from, active);
    } else if (making && key === "n") nextTie();
    else if (tie >= 0 && (key === "delete" || key === "backspace")) cut(tie);
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

  canvas.style.maxWidth = "100%";
  const turn = () => {
    if (dark === onDarkPage(el)) return;
    dark = !dark;
    fill();
  };
  const fit = () => {
    turn(); // a view that comes into the page after it was drawn comes to know its ground
    const narrow = box.clientWidth > 0 && box.clientWidth < 480;
    width = narrow ? NARROW_GRAPH.width : model.get("width");
    height = narrow ? NARROW_GRAPH.height : model.get("height");
    canvas.style.width = narrow ? "100%" : `${width}px`;
    ask();
  };
  const room = new ResizeObserver(fit);
  room.observe(box);
  fit();
  place();
  fill();
  const deafen = hear(model, [
    ["positions", place],
    ["nodes edges sentence legend problem", fill],
    ["answered", answered],
    ["made values", elsewhere],
  ]);
  const unwatch = watchGround(turn);
  return () => {
    unwatch();
    room.disconnect();
    deafen();
    takeAway();
  };
}

export default { render };
