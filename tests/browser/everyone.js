// What everyone.py asks of a page. Everything here looks, and says what is wrong in a list of sentences.
"use strict";

window.everyone = (() => {
  const name = (node) => {
    const words = node.getAttribute("aria-label") || node.textContent || node.value || "";
    const kind = node.id ? `#${node.id}` : [...node.classList].slice(0, 2).map((c) => `.${c}`).join("");
    return `${node.localName}${kind} ${words.trim().replace(/\s+/g, " ").slice(0, 40)}`.trim();
  };
  const parent = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
  const seen = (node) => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && node.checkVisibility({ visibilityProperty: true });
  };
  // Every element, also what stands in an open shadow.
  const all = (root = document) =>
    [...root.querySelectorAll("*")].flatMap((n) => (n.shadowRoot ? [n, ...all(n.shadowRoot)] : [n]));

  // --- contrast of what is drawn -------------------------------------------------------------------

  const parse = (text) => {
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const known = new Map();
  const colour = (text) => {
    if (!known.has(text)) known.set(text, text === "none" ? [0, 0, 0, 0] : parse(text));
    return known.get(text);
  };
  const over = ([r, g, b, a], under) =>
    [r, g, b].map((part, k) => part * a + under[k] * (1 - a)).concat(1);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  // What an element paints under a point, from the page's ground up.
  const ground = (node) => {
    const layers = [];
    for (let each = node; each; each = parent(each)) {
      layers.push(colour(getComputedStyle(each).backgroundColor));
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
  };
  const filled = (node, text, x, y) => {
    if (!node.isPointInFill || node === text) return null;
    const style = getComputedStyle(node);
    if (style.fill === "none" || node.closest("defs, clipPath") || !seen(node)) return null;
    const at = new DOMPoint(x, y).matrixTransform(node.getScreenCTM().inverse());
    if (!node.isPointInFill(at)) return null;
    const [r, g, b, a] = colour(style.fill);
    return [r, g, b, a * style.fillOpacity * style.opacity];
  };

  // Letters of a picture against what is painted before them where they stand.
  function letters() {
    const found = [];
    for (const svg of all().filter((node) => node.localName === "svg" && seen(node))) {
      const shapes = [...svg.querySelectorAll("path, rect, circle, polygon, ellipse, text")];
      const page = ground(svg);
      for (const [place, text] of shapes.entries()) {
        if (text.localName !== "text" || !text.textContent.trim() || !seen(text)) continue;
        const box = text.getBoundingClientRect();
        const before = shapes.slice(0, place).filter((node) => node.isPointInFill);
        const style = getComputedStyle(text);
        const ratios = [0.1, 0.5, 0.9].map((part) => {
          const [x, y] = [box.left + part * box.width, (box.top + box.bottom) / 2];
          const layers = before.map((node) => filled(node, text, x, y)).filter(Boolean);
          const under = layers.reduce((below, layer) => over(layer, below), page);
          const [r, g, b, a] = colour(style.fill);
          return contrast(over([r, g, b, a * style.fillOpacity * style.opacity], under), under);
        });
        const size = parseFloat(style.fontSize) * Math.abs(text.getScreenCTM().a || 1);
        const worst = Math.min(...ratios);
        if (worst < (size >= 24 ? 3 : 4.5)) {
          found.push(`'${text.textContent.trim()}' in a picture has a contrast of ${worst.toFixed(1)}`);
        }
      }
    }
    return found;
  }

  // --- room ------------------------------------------------------------------------------------------

  const scrolls = (node) => /auto|scroll/.test(getComputedStyle(node).overflowX);
  function inBox(node) {
    for (let each = parent(node); each && each !== document.body; each = parent(each)) {
      if (scrolls(each) || getComputedStyle(each).overflowX !== "visible") return true;
    }
    return false;
  }
  // The page scrolls sideways: told is what sticks out.
  function wide() {
    const page = document.scrollingElement;
    if (page.scrollWidth <= page.clientWidth + 1) return [];
    const out = all().filter((node) => {
      const box = node.getBoundingClientRect();
      return seen(node) && box.right > page.clientWidth + 1 && box.left >= 0 && !inBox(node);
    });
    return [`${page.scrollWidth - page.clientWidth} px too wide: ${out.slice(-3).map(name).join("; ")}`];
  }
  // Controls that lie on each other, and words that are cut off.
  function crowded() {
    const found = [];
    const controls = [...document.querySelectorAll("button, input, select, textarea, summary, label")];
    const boxes = controls.filter((n) => seen(n) && !n.closest(".clusterlab-points") && !inBox(n))
      .map((node) => [node, node.getBoundingClientRect()]);
    for (const [k, [a, p]] of boxes.entries()) {
      for (const [b, q] of boxes.slice(0, k)) {
        const across = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (across > 2 && down > 2 && !a.contains(b) && !b.contains(a)) {
          found.push(`${name(a)} lies on ${name(b)}`);
        }
      }
    }
    for (const node of all()) {
      const style = getComputedStyle(node);
      const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      if (!own || !seen(node) || !/hidden|clip/.test(style.overflow) || style.clipPath !== "none") continue;
      if (node.scrollWidth > node.clientWidth + 2 || node.scrollHeight > node.clientHeight + 4) {
        found.push(`${name(node)} is cut off`);
      }
    }
    return found;
  }
  // Words that stay small when the reader asks for letters twice the size; call it before and after.
  let sizes = null;
  function letterSizes() {
    const told = all().filter((node) => !node.closest("svg, mjx-container") && seen(node) &&
      [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()));
    const size = (node) => parseFloat(getComputedStyle(node).fontSize);
    if (!sizes) {
      sizes = new Map(told.map((node) => [node, size(node)]));
      return [];
    }
    const small = told.filter((node) => size(node) < 1.5 * (sizes.get(node) ?? 0));
    return [...new Set(small.map((node) => `${name(node)} does not grow`))];
  }

  // --- words for pictures, and rest for the eye --------------------------------------------------------

  function pictures() {
    const found = [];
    for (const image of document.querySelectorAll("img")) {
      const alt = image.getAttribute("alt");
      if (alt === null) found.push(`img ${image.src.slice(-40)} has no alt`);
      else if (!alt.trim() && !image.closest("[aria-hidden=true]")) {
        const beside = parent(image).textContent.trim() || parent(parent(image)).textContent.trim();
        if (!beside) found.push(`img ${image.src.slice(-40)} has an empty alt and no words beside it`);
      }
    }
    return found;
  }
  // For a reader who asked for less of it.
  function motion() {
    const running = document.getAnimations().filter((each) => each.playState === "running");
    const found = running.map((each) => `${name(each.effect.target)} moves by itself`);
    const seconds = (text) => Math.max(...text.split(",").map((t) => parseFloat(t) * (/ms/.test(t) ? 0.001 : 1)));
    const kinds = new Set();
    for (const node of all()) {
      const style = getComputedStyle(node);
      const moves = style.transitionProperty !== "none" && seconds(style.transitionDuration) > 0.02;
      const plays = style.animationName !== "none" && seconds(style.animationDuration) > 0.02;
      if (moves || plays) kinds.add(`${node.localName}.${[...node.classList][0] ?? ""} still moves`);
      if (style.scrollBehavior === "smooth") kinds.add(`${node.localName} still scrolls smoothly`);
    }
    return [...found, ...kinds];
  }

  // --- the keyboard ------------------------------------------------------------------------------------

  const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]";
  const LOOK = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor",
    "backgroundColor", "textDecorationLine", "color"];
  const look = (node) => LOOK.map((part) => getComputedStyle(node)[part]).join("|");
  const rest = new Map();
  const reached = new Set();
  const group = (node) => (node.type === "radio" ? `radio ${node.name}` : node);
  const stops = () => all().filter((node) =>
    node.matches(CONTROLS) && node.tabIndex >= 0 && !node.disabled && seen(node) &&
    !node.closest("[inert]") && (!node.closest("details:not([open])") || node.localName === "summary"));

  function begin() {
    for (const node of stops()) rest.set(node, look(node));
    window.print = () => {};
    window.clicked = 0;
    const count = (event) => {
      window.clicked += 1;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener("click", (event) => event.isTrusted && window.counting && count(event), true);
    document.activeElement?.blur();
  }
  // Where Tab has come to: whether it can be seen there, and which keys should do something.
  function here() {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    if (!node || node === document.body || reached.has(node)) return null;
    reached.add(node);
    const found = [];
    const style = getComputedStyle(node);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    if (rest.get(node) === look(node)) found.push(`${name(node)}: focus cannot be seen`);
    else if (outlined && style.outlineStyle !== "auto") {
      const ratio = contrast(over(colour(style.outlineColor), ground(parent(node))), ground(parent(node)));
      if (ratio < 3) found.push(`${name(node)}: its focus has a contrast of ${ratio.toFixed(1)}`);
    }
    const box = node.getBoundingClientRect();
    if (box.bottom < 0 || box.top > innerHeight) found.push(`${name(node)}: has the focus out of sight`);
    const mine = node.closest("article, main, .jp-OutputArea") ? (node.type || node.localName) : "";
    const keys = {
      range: Number(node.value) < Number(node.max) ? ["ArrowRight", "ArrowLeft"] : ["ArrowLeft", "ArrowRight"],
      "select-one": node.selectedIndex ? ["ArrowUp", "ArrowDown"] : ["ArrowDown", "ArrowUp"],
      checkbox: ["Space", "Space"],
      radio: ["ArrowDown"],
      text: ["1", "Backspace"],
      textarea: ["1", "Backspace"],
      button: ["Enter"],
      submit: ["Enter"],
      summary: ["Enter"],
    }[mine] ?? [];
    window.counting = ["button", "submit", "summary"].includes(mine);
    const alone = node.type === "radio" && document.getElementsByName(node.name).length < 2;
    return { name: name(node), found, keys: alone ? [] : keys, state: state(node) };
  }
  const state = (node) => `${node.value} ${node.checked} ${node.selectedIndex} ${window.clicked}`;
  // Did the key do anything? A choice among radio buttons takes the focus along.
  const changed = (before) => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    if (node.type === "radio") reached.add(node);
    window.counting = false;
    return state(node) !== before;
  };
  // Asked of what was there at the start: what a focus brings may stand before it.
  const missed = () => {
    const got = new Set([...reached].map(group));
    return stops().filter((node) => rest.has(node) && !got.has(group(node))).map((node) => `${name(node)}: Tab does not come here`);
  };

  return { wide, crowded, letterSizes, pictures, motion, letters, begin, here, changed, missed };
})();
