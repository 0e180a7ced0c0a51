// A sentence on a line of its own, which changes when the kernel says so.

function render({ model, el }) {
  const line = document.createElement("p");
  line.className = "clusterlab-line";
  line.setAttribute("aria-live", "polite");
  const show = () => {
    line.textContent = model.get("sentence");
  };
  show();
  const ends = [putInto(el, line, model), hear(model, [["sentence", show]])];
  return () => ends.forEach((end) => end());
}

export default { render };
