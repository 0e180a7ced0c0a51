// What draws a widget in the place of a notebook: anywidget's contract in three dialects, as small as it
// can be. `kernel` is the widget itself: it is told what the page set, and tells what changed.
//
//   jupyter   Backbone's model: a list of names for `on`, all values set before anyone hears of one
//   classic   the same, but the view is put into the page after it is drawn (also VS Code)
//   marimo    one name for `on`, values set one by one, the view in a shadow
window.hosts = (() => {
  const dialects = {
    jupyter: { names: (event) => event.split(" "), together: true },
    classic: { names: (event) => event.split(" "), together: true },
    marimo: { names: (event) => [event], together: false },
  };

  const bytes = (text) =>
    new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  const read = (value) => (value && value.base64 !== undefined ? bytes(value.base64) : value);
  const written = (value) => {
    if (!(value instanceof DataView)) return value;
    return { base64: btoa(String.fromCharCode(...new Uint8Array(value.buffer))) };
  };

  function newModel(state, { names, together }) {
    const heard = new Map();
    const data = Object.fromEntries(Object.entries(state).map(([name, v]) => [name, read(v)]));
    const news = new Set();
    const emit = (name) => {
      for (const act of [...(heard.get(`change:${name}`) ?? [])]) act(data[name]);
    };
    return {
      get: (name) => data[name],
      set(name, value) {
        data[name] = value;
        news.add(name);
        emit(name);
      },
      async save_changes() {
        const told = Object.fromEntries([...news].map((name) => [name, written(data[name])]));
        news.clear();
        for (const message of await window.kernel(told)) this.take(message);
      },
      on(event, act) {
        for (const name of names(event)) heard.set(name, [...(heard.get(name) ?? []), act]);
      },
      off(event, act) {
        for (const name of names(event)) {
          heard.set(name, (heard.get(name) ?? []).filter((each) => each !== act));
        }
      },
      take(message) {
        const changed = Object.entries(message).filter(
          ([name, value]) => JSON.stringify(written(data[name])) !== JSON.stringify(value),
        );
        for (const [name, value] of changed) {
          data[name] = read(value);
          if (!together) emit(name);
        }
        if (together) changed.forEach(([name]) => emit(name));
      },
      heard: () => [...heard.values()].flat().length,
    };
  }

  const views = new Map();
  let [model, widget, dialect] = [];

  return {
    async open(source, state, name) {
      dialect = name;
      model = newModel(state, dialects[name]);
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const { default: found } = await import(url);
      widget = typeof found === "function" ? await found() : found;
      await widget.initialize?.({ model });
    },
    async render(place) {
      const here = document.getElementById(place);
      let el = views.get(place)?.el;
      if (!el) {
        el = document.createElement("div");
        const ground = dialect === "marimo" ? here.attachShadow({ mode: "open" }) : here;
        if (dialect !== "classic") ground.append(el);
      }
      const end = await widget.render({ model, el });
      if (dialect === "classic") here.append(el);
      views.set(place, { el, end });
    },
    leave: (place) => views.get(place).end(),
    left: (place) => views.get(place).el.childNodes.length,
    take: (message) => model.take(message),
    heard: () => model.heard(),
    get: (name) => model.get(name),
  };
})();
