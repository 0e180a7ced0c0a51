// One question with its answer form: choices, a number, or a sentence. The kernel judges, the browser
// remembers.

const NOT_KEPT =
  "This browser keeps no answers (its storage is full or switched off): the start page will not " +
  "know of this one.";

// An answer that was right is not shown: the reader may want to find it again.
function toldBefore(kept, unit) {
  if (!kept) return "";
  if (kept.right === true) return "You had this right before.";
  const given = `${kept.last} ${unit}`.trim();
  return `You answered this before: ${given}${kept.right === false ? ", not yet right" : ""}.`;
}

function render({ model, el }) {
  const id = newId();
  const box = document.createElement("fieldset");
  box.className = "clusterlab-question";
  keepKeys(box);
  const legend = document.createElement("legend");
  legend.textContent = model.get("question");
  const form = document.createElement("form");
  const kind = model.get("kind");
  let read;
  let write;
  if (kind === "choice") {
    const inputs = model.get("choices").map((choice) => {
      const label = document.createElement("label");
      label.className = "clusterlab-option";
      const input = document.createElement("input");
      input.type = "radio";
      ownKeys(input);
      input.name = id;
      label.append(input, String(choice));
      form.append(label);
      return input;
    });
    read = () => {
      const index = inputs.findIndex((input) => input.checked);
      return index < 0 ? null : model.get("choices")[index];
    };
    write = (given) => inputs.forEach((input, i) => {
      input.checked = model.get("choices")[i] === given;
    });
  } else {
    const input = document.createElement(kind === "sentence" ? "textarea" : "input");
    if (kind === "sentence") input.rows = 3;
    else {
      // Not a number field: that drops a decimal comma without a word. The kernel reads the text.
      input.type = "text";
      input.inputMode = "decimal";
      input.autocomplete = "off";
    }
    ownKeys(input);
    input.setAttribute("aria-label", `Your answer${model.get("unit") ? ` in ${model.get("unit")}` : ""}`);
    const row = document.createElement("div");
    row.className = "clusterlab-answer";
    row.append(input);
    if (model.get("unit")) row.append(model.get("unit"));
    form.append(row);
    read = () => {
      if (input.value.trim() === "") return null;
      return input.value;
    };
    write = (given) => {
      input.value = given;
    };
  }
  const row = document.createElement("div");
  row.className = "clusterlab-answer";
  const button = document.createElement("button");
  button.type = "submit";
  ownKeys(button);
  button.textContent = model.get("button");
  row.append(button);
  form.append(row);
  const feedback = document.createElement("p");
  feedback.setAttribute("aria-live", "polite");

  const memory = document.createElement("p");
  memory.className = "clusterlab-memory";
  if (model.get("answered") === 0) {
    memory.textContent = toldBefore(readAnswers()[model.get("question")], model.get("unit"));
  }
  let asked = null; // the number of the attempt that was made here, in this view

  const silence = watchAnswers(() => model.get("answered") < (model.get("attempt").number || 0));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = read();
    if (given === null) {
      feedback.textContent = "Answer first: choose or write something.";
      return;
    }
    asked = (model.get("attempt").number || 0) + 1;
    model.set("attempt", { given, number: asked });
    silence.look();
    model.save_changes();
  });
  const show = () => {
    feedback.textContent = model.get("feedback");
    const right = model.get("right");
    if (right === null) delete box.dataset.right;
    else box.dataset.right = right;
  };
  const keep = () => {
    if (model.get("answered") !== asked || model.get("refused")) return;
    const told = { right: model.get("right"), feedback: model.get("feedback") };
    const kept = keepAnswer(model.get("question"), { given: model.get("attempt").given, ...told });
    memory.textContent = kept ? "" : NOT_KEPT;
  };
  const follow = () => {
    const { given } = model.get("attempt"); // it may come from another view of this question
    if (given !== undefined) write(given);
  };
  follow();
  show();
  box.append(legend, form, feedback, silence.words, memory);
  const ends = [
    putInto(el, box, model),
    hear(model, [
      ["attempt", follow],
      ["feedback right", show],
      ["answered", silence.look],
      ["answered", keep],
    ]),
  ];
  return () => ends.forEach((end) => end());
}

export default { render };
