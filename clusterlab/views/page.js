// What every view needs. It stands before the view's own script.

// Random: each widget gets a module of its own, so a counter would start again.
function newId() {
  return `clusterlab-${Math.random().toString(36).slice(2)}`;
}

// JupyterLab takes keys at the page, so they stop at the widget. Notebook 7 looks before any of this
// is asked, and at the control in focus alone: hence the mark on each.
function keepKeys(box) {
  box.addEventListener("keydown", (event) => event.stopPropagation());
}

function ownKeys(control) {
  control.dataset.lmSuppressShortcuts = "true";
}

function onDarkPage(el) {
  const light = document.body.dataset.jpThemeLight;
  if (light !== undefined) return light === "false";
  const ground = getComputedStyle(el.closest("body")).backgroundColor.match(/\d+(\.\d+)?/g);
  if (!ground || (ground.length > 3 && Number(ground[3]) === 0)) return false;
  return Number(ground[0]) + Number(ground[1]) + Number(ground[2]) < 380;
}

// Calls look when the page turns dark or light; returns what ends that.
function watchGround(look) {
  const watch = new MutationObserver(look);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => watch.disconnect();
}
