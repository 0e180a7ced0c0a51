// Widgets on a page without a kernel. The views are the widgets' own scripts, unchanged; here stands
// what answers them in the kernel's place: a store of pictures (record.py), and the judging of
// answers, which exercises.py does in a kernel. A classic script: it also runs from a folder. It
// stands after page.js and the views in one function (live.py).

const DARK = [
  // as style.py draws on a dark page: light ink, words in the hue of their line, a blue that can be
  // read, no ground
  ["#222222", "#e8e8e8"],
  ["#0072b2", "#2e8bd0"],
  ["#8f6300", "#e69f00"],
  ["#367192", "#56b4e9"],
  ["#007a59", "#009e73"],
  ["#736d1f", "#f0e442"],
  ["#b14e00", "#d55e00"],
  ["#95587a", "#cc79a7"],
  ["#6b6b6b", "#999999"],
  ['" style="fill: #ffffff"/>', '" style="fill: none"/>'],
  ["fill: #ffffff; opacity: 0.8", "fill: #111111; opacity: 0.8"], // behind words on a graph
];
const NO_STORE =
  "The pictures of this widget could not be loaded; the one shown stays as it is. ";
const OLD_STORE =
  "The pictures of this widget are of another edition than this page; reload the page. ";
const NO_UNPACK = "This browser cannot unpack the pictures of this widget; the one shown stays. ";

// --- stores ----------------------------------------------------------------------------------------

const here = document.currentScript?.src ?? "";
const arrived = new Map();
const asked = new Map();

async function unpack(text) {
  if (typeof DecompressionStream === "undefined") throw new Error(NO_UNPACK);
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// Each store is a script of one call, because a page opened from a folder may load nothing else.
window.clusterlabStore = (name, edition, text) => arrived.set(name, { edition, text });

function load(name, edition) {
  if (!asked.has(name)) {
    const got = new Promise((done, fail) => {
      if (arrived.has(name)) return done();
      const script = document.createElement("script");
      script.src = new URL(`stores/${encodeURIComponent(name)}.js`, here || document.baseURI);
      script.onload = done;
      script.onerror = () => fail(new Error(NO_STORE));
      return document.head.append(script);
    });
    asked.set(
      name,
      got.then(() => {
        const { edition: found, text } = arrived.get(name) ?? {};
        if (!text) throw new Error(NO_STORE);
        if (found !== edition) throw new Error(OLD_STORE);
        arrived.delete(name);
        return unpack(text).catch((error) => {
          throw new Error(error.message === NO_UNPACK ? NO_UNPACK : NO_STORE);
        });
      }),
    );
  }
  return asked.get(name);
}

function lines(store, runs) {
  const found = [];
  for (let k = 0; k < runs.length; k += 2) {
    for (let line = runs[k]; line < runs[k] + runs[k + 1]; line += 1) found.push(store.lines[line]);
  }
  return found;
}

const key = (parts) => JSON.stringify(parts);

// How far a stored setting is from the one asked for; what has no between counts as far.
function distance(controls, at, wanted) {
  return controls.reduce((sum, control, k) => {
    if (control.kind !== "number") return sum + (key(at[k]) === key(wanted[k]) ? 0 : 4);
    return sum + ((at[k] - wanted[k]) / (control.high - control.low)) ** 2;
  }, 0);
}

// --- the kernel's model, as far as a view asks for it ----------------------------------------------

function standIn(state, answer) {
  const heard = new Map();
  let changed = new Set();
  return {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      changed.add(name);
    },
    save_changes() {
      const news = changed;
      changed = new Set();
      answer(news);
    },
    on(names, act) {
      for (const name of names.split(" ")) heard.set(name, [...(heard.get(name) ?? []), act]);
    },
    off(names, act) {
      for (const name of names.split(" ")) {
        heard.set(name, (heard.get(name) ?? []).filter((each) => each !== act));
      }
    },
    tell(news) {
      Object.assign(state, news);
      const acts = Object.keys(news).flatMap((name) => heard.get(`change:${name}`) ?? []);
      for (const act of new Set(acts)) act();
    },
  };
}

// --- what answers each kind of widget --------------------------------------------------------------

const living = new Map(); // by name: the model and what its page knows of it

const worded = (control, value) => {
  if (control.kind === "switch") return value ? "on" : "off";
  return control.kind === "number" ? valueText(control, value) : String(value);
};

function explorer(state, note) {
  const still = { drawing: state.drawing, sentence: state.sentence, problem: state.problem };
  const first = key(state.controls.map(({ start }) => start));
  Object.assign(state, { request: 0, answered: 0, edition: 0, dark: false, narrow: false });
  let answer = 0; // the place of the reader's prediction among the choices, 1 for the first
  let said = ""; // the prediction itself, told where it is not drawn
  let store = null;
  let index = null;

  const ground = (drawing) =>
    state.dark ? DARK.reduce((text, [light, dark]) => text.replaceAll(light, dark), drawing) : drawing;

  function nearest(wanted) {
    const exact = index.get(key(wanted));
    if (exact || state.controls.some(({ kind }) => kind === "points")) return exact;
    const away = (each) => distance(state.controls, each.at, wanted);
    return store.settings.reduce((best, each) => (away(each) < away(best) ? each : best));
  }

  function seen(wanted) {
    const found = nearest(wanted);
    if (!found) throw new Error("This page has no picture for places that were moved. ");
    if (found.problem) throw new Error(found.problem);
    const side = Number(state.narrow);
    const marked = found.runs[2 * answer + side]; // the answer is drawn on some of the pictures
    const runs = marked ?? found.runs[side];
    const off = state.controls.filter((_, k) => key(found.at[k]) !== key(wanted[k]));
    const at = (control) => found.at[state.controls.indexOf(control)];
    const near = off.map((control) => `${control.label} ${worded(control, at(control))}`);
    note.dataset.near = off.length > 0;
    return {
      drawing: ground(lines(store, runs).join("\n")),
      sentence:
        (said && !(answer && marked) ? `You said ${said}. ` : "") +
        (near.length ? `Nearest picture: ${near.join(", ")}. ` : "") +
        found.sentence,
      width: store.widths[side],
      ground: store.grounds[side],
      ...found.more,
    };
  }

  async function show() {
    const request = state.request;
    const wanted = state.controls.map(({ name }) => state.values[name]);
    let news = { ...still, drawing: ground(still.drawing) };
    try {
      if (store || state.narrow || said || key(wanted) !== first) {
        if (!store) {
          const word = { answered: request, sentence: "The pictures are on their way." };
          const slow = setTimeout(() => model.tell(word), 400);
          store = await load(state.name, state.stored).finally(() => clearTimeout(slow));
          index = new Map(store.settings.map((each) => [key(each.at), each]));
        }
        news = { problem: "", ...seen(wanted) };
      }
    } catch (error) {
      note.dataset.near = true;
      news = { problem: error.message, sentence: "" };
    }
    model.tell({ answered: request, ...news });
  }

  function renew() {
    state.edition += 1; // the view forgets what it kept: it is of another ground or answer
    model.tell({ edition: state.edition });
    return show();
  }

  const model = standIn(state, (news) => {
    if (news.has("dark") || news.has("narrow")) renew();
    if (!news.has("request")) return;
    show();
    for (const [name, names] of Object.entries(state.linked)) {
      living.get(name)?.put(Object.fromEntries(names.map((each) => [each, state.values[each]])));
    }
  });
  return {
    model,
    put(values) {
      model.tell({ values: { ...state.values, ...values } });
      return show();
    },
    told(given, kept) {
      answer = 1 + state.answers.findIndex((each) => key(each) === key(given));
      said = kept;
      return renew();
    },
  };
}

function graph(state, note) {
  const bytes = Uint8Array.from(atob(state.positions), (letter) => letter.charCodeAt(0));
  Object.assign(state, { positions: new DataView(bytes.buffer), request: 0, answered: 0 });
  const normal = (ties) =>
    ties.map((tie) => key(state.directed ? tie : [...tie].sort())).sort().join();
  const at = (made, values) => normal(made) + key(values);
  let store = null;
  let index = null;
  const part = (found) => {
    const parts = [[]];
    for (const told of lines(store, found.runs[0]).map((each) => JSON.parse(each))) {
      if (told === null) parts.push([]);
      else parts.at(-1).push(told);
    }
    const [nodes, edges, legend] = parts;
    return { nodes, edges, legend, sentence: found.sentence, problem: "" };
  };
  const model = standIn(state, async (news) => {
    if (!news.has("request")) return;
    const request = state.request;
    try {
      if (!store) {
        store = await load(state.name, state.stored);
        index = new Map(store.settings.map((each) => [at(each.made, each.at), each]));
      }
      const found = index.get(at(state.made, state.controls.map(({ name }) => state.values[name])));
      if (!found) throw new Error("This page knows this network with one tie drawn or cut. ");
      note.dataset.near = false;
      model.tell({ answered: request, ...(found.problem ? found : part(found)) });
    } catch (error) {
      note.dataset.near = true;
      model.tell({ answered: request, problem: error.message });
    }
  });
  return { model };
}

// What people write for a number, as exercises.read_number reads it.
const PER_CENT = ["%", "per cent", "percent"];

function withPoint(digits, given) {
  const bare = digits.replaceAll(" ", "");
  const readings = [];
  for (const [decimal, group] of [[".", ","], [",", "."]]) {
    const grouped = `[1-9]\\d{0,2}([${group}]\\d{3})+`;
    if (new RegExp(`^(\\d*|${grouped})([${decimal}]\\d+)?$`).test(bare)) {
      readings.push(bare.replaceAll(group, "").replaceAll(decimal, "."));
    }
  }
  if (!readings.length) throw new Error(`'${given}' is no number: one point or comma is enough.`);
  if (digits.includes(",") && new Set(readings).size > 1) {
    throw new Error(
      `'${given}' can be read as ${readings[1]} and as ${readings[0]}: write the number with a ` +
        "point, or without.",
    );
  }
  return readings[0];
}

function readNumber(given, unit) {
  const plain = "a number is asked for, got " + `'${given}'`;
  const words = given.replace(/\s/g, " ").trim().toLowerCase().replaceAll("\u2212", "-");
  const found = /^([+-]?)(\d+(?: \d{3})*(?:[.,]\d+)*|[.,]\d+)(e[+-]?\d+)?([^]*)$/.exec(words);
  if (!found) throw new Error(`${plain}.`);
  const [, sign, digits, power, after] = found;
  const [rest, wanted] = [after.trim(), unit.toLowerCase()];
  const perCent = PER_CENT.includes(rest);
  if (rest && !perCent && rest !== wanted && rest !== wanted.split(" ")[0]) {
    const how = unit ? ` in ${unit}` : " alone";
    throw new Error(`${plain}: '${rest}' after it is not understood; write the number${how}.`);
  }
  const value = Number(sign + withPoint(digits, given) + (power ?? ""));
  if (!Number.isFinite(value)) throw new Error(`${plain}, which is no finite number.`);
  return perCent && !PER_CENT.includes(wanted) ? value / 100 : value;
}

const short = (value) => String(Number(Number(value).toPrecision(15)));

function judged(state, given) {
  const { judge, kind, unit, between } = state;
  if (kind === "sentence") return { right: null, feedback: `Compare with: ${judge.answer}` };
  let [value, read] = [given, ""];
  if (kind === "number") {
    value = readNumber(given, unit);
    if (between && !(between[0] <= value && value <= between[1])) {
      throw new Error(`${value} is not between ${between[0]} and ${between[1]}.`);
    }
    if (given.trim() !== short(value)) read = `Read as ${`${short(value)} ${unit}`.trim()}. `;
  }
  if (!judge) {
    const told = kind === "number" ? short(value) : value;
    const kept = `${`${told} ${unit}`.trim()}`;
    return { right: null, feedback: `Kept: ${kept}. Now try it and compare.`, value, kept };
  }
  const within = judge.within * (1 + 1e-9);
  const same = (other) =>
    kind === "number" ? Math.abs(value - other) <= within : key(value) === key(other);
  if (same(judge.answer)) return { right: true, feedback: `${read}Right. ${judge.why}`.trim() };
  const hint = judge.hints.find(([wrong]) => same(wrong))?.[1] ?? judge.otherwise;
  return { right: false, feedback: `${read}Not yet. ${hint}` };
}

function question(state) {
  Object.assign(state, { answered: 0, refused: false });
  const model = standIn(state, (news) => {
    if (!news.has("attempt")) return;
    let verdict;
    try {
      verdict = { ...judged(state, state.attempt.given), refused: false };
    } catch (error) {
      verdict = { right: null, feedback: error.message, refused: true };
    }
    const { value, kept, ...told } = verdict;
    model.tell({ ...told, answered: state.attempt.number });
    if (value === undefined) return;
    for (const each of living.values()) if (each.asked === state.name) each.told(value, kept);
    for (const name of state.followed) living.get(name)?.told(value, kept);
  });
  return { model };
}

function line(state) {
  const words = state.sentence;
  const model = standIn(state, () => {});
  return { model, told: (_, kept) => model.tell({ sentence: `You said ${kept}. ${words}` }) };
}

// --- the page --------------------------------------------------------------------------------------

const course = (state) => ({ model: standIn(state, () => {}) });
const kinds = { explorer, radar: explorer, graph, question, line, course };

// Settings that a link carries: ?trade_cost=1.7, and on a page of several widgets ?widget=NAME too.
function carried(state, search = window.location.search) {
  const link = new URLSearchParams(search);
  if (link.has("widget") && link.get("widget") !== state.name) return [{}, []];
  if (!link.has("widget") && !state.alone) return [{}, []];
  const [values, faults] = [{}, []];
  for (const [name, text] of link) {
    if (name === "widget") continue;
    const control = state.controls.find((each) => each.name === name);
    const [value, fault] = control ? reading(control, text) : [null, "there is no such control"];
    if (fault) faults.push(`The link asks for ${name}=${text}: ${fault}.`);
    else values[name] = value;
  }
  return [values, faults];
}

function reading(control, text) {
  if (control.kind === "number") {
    const [value, { low, high }] = [text.trim() === "" ? NaN : Number(text), control];
    if (!Number.isFinite(value)) return [null, "that is no number"];
    if (value < low || value > high) return [null, `it goes from ${low} to ${high}`];
    const step = low + Math.round((value - low) / control.step) * control.step;
    return [Number(step.toFixed(10)), ""];
  }
  const choices = control.kind === "switch" ? [false, true] : control.choices ?? [];
  const found = choices.find((each) => String(each) === text);
  return found === undefined ? [null, `it can be ${choices.join(", ")}`] : [found, ""];
}

const named = (name) => document.querySelector(`meta[name="clusterlab-${name}"]`)?.content;

// Under a widget: a link that carries its settings, and one to where it runs with a kernel.
function tools(state) {
  const note = document.createElement("p");
  note.className = "clusterlab-note";
  const link = (words, href) => {
    const made = document.createElement("a");
    made.textContent = words;
    const renew = () => (made.href = href());
    ["focus", "pointerenter", "pointerdown"].forEach((event) => made.addEventListener(event, renew));
    renew();
    note.append(made);
  };
  const settings = () => {
    const moved = state.controls.filter(({ kind }) => kind !== "points");
    return new URLSearchParams(moved.map(({ name }) => [name, state.values[name]])).toString();
  };
  const [alone, run] = [named("alone"), named("run")]; // set by the page
  if (state.answers && state.alone) link("Link to these settings", () => `?${settings()}`);
  else if (state.answers && alone) {
    link("On a page of its own, with these settings", () => `${alone}${state.name}.html?${settings()}`);
  }
  if (run) link("Run it with Python: every setting", () => run);
  return note;
}

function follow(state, part, place) {
  const [values, faults] = carried(state);
  if (faults.length) {
    const told = document.createElement("p");
    told.className = "clusterlab-problem";
    told.setAttribute("role", "alert");
    told.textContent = `${faults.join(" ")} The start is shown.`;
    place.prepend(told);
  } else if (Object.keys(values).length) {
    part.put(values);
    if (!state.alone) place.scrollIntoView();
  }
}

function start(place) {
  const { edition, ...state } = JSON.parse(place.dataset.live);
  const image = place.querySelector("img[src^='data:image/svg']");
  state.drawing = image ? decodeURIComponent(image.src.slice(image.src.indexOf(",") + 1)) : "";
  Object.assign(state, { stored: edition, alone: "alone" in place.dataset });
  const note = tools(state);
  const part = kinds[state.view](state, note);
  living.set(state.name, Object.assign(part, { asked: state.asked }));
  views[state.view].render({ model: part.model, el: place });
  if (!state.stored) return;
  place.append(note);
  if (part.put) follow(state, part, place);
  // its pictures come when it is near to being seen, so that the first move is as quick as others
  const near = new IntersectionObserver((seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    near.disconnect();
    load(state.name, state.stored).catch(() => {}); // said when the reader moves something
  }, { rootMargin: "600px" });
  near.observe(place);
}

// Views ask JupyterLab's mark whether the page is dark; a page of the site has its theme elsewhere.
function theme() {
  const { theme: named } = document.documentElement.dataset;
  const dark = named ? named === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.dataset.jpThemeLight = String(!dark);
}

function begin() {
  theme();
  new MutationObserver(theme).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", theme);
  document.querySelectorAll(".clusterlab-live").forEach(start);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
