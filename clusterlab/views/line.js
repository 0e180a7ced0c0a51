// A sentence on a line of its own, which changes when the kernel says so.

function render({ model, el }) {
  const line = document.createElement("p");
  line.className = "clusterlab-line";
  line.setAttribute("aria-live", "polite");
  const show = () => {
    line.textContent = model.get("sentence");
  };
  model.on("change:sentence", show);
  show();
  el.append(line, hideStill(model));
  return () => model.off("change:sentence", show);
}

export default { render };
