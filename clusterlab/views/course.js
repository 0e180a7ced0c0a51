// How far the reader has come, by the answers that this browser keeps; saving them, forgetting them.
// The list of units is what is still of this view: a rule of style marks in it what is done, so the
// marks are there whenever the list is.

function render({ model, el }) {
  const box = document.createElement("div");
  box.className = "clusterlab-course";
  keepKeys(box);
  const told = document.createElement("p");
  told.setAttribute("role", "status");
  const marks = document.createElement("style");

  const label = document.createElement("label");
  label.textContent = "Your name, if you hand the file in: ";
  const name = document.createElement("input");
  name.type = "text";
  name.autocomplete = "name";
  ownKeys(name);
  label.append(name);
  const buttons = document.createElement("div");
  const asked = document.createElement("div");
  asked.hidden = true;

  const save = newButton(buttons, "Save my answers", () => {
    const file = new Blob([answerFile(model.get("version"), name.value.trim())], {
      type: "application/json",
    });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `answers ${name.value.trim()}`.trim().replace(/[^\p{L}\p{N}]+/gu, "-") + ".json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  const forget = newButton(buttons, "Forget my answers", () => ask(true));
  const words = document.createElement("p");
  asked.append(words);
  const yes = newButton(asked, "Forget them", () => {
    localStorage.removeItem(ANSWERS);
    window.dispatchEvent(new Event(ANSWERED));
    asked.hidden = true;
    name.focus(); // there is nothing left to save or to forget
  });
  newButton(asked, "Keep them", () => ask(false));
  const ask = (open) => {
    const number = Object.keys(readAnswers()).length;
    words.textContent =
      `Forget ${number} ${number === 1 ? "answer" : "answers"} for good? ` +
      "No copy is left but files that you saved.";
    asked.hidden = !open;
    if (open) yes.focus();
    else forget.focus();
  };

  const show = () => {
    const answers = readAnswers();
    const { done, begun, rules } = marked(model.get("units"), answers, model.get("mark"));
    const none = Object.keys(answers).length === 0;
    save.disabled = none;
    forget.disabled = none;
    marks.textContent = rules;
    told.textContent = none
      ? "No question is answered yet in this browser."
      : `Done: ${done} of ${model.get("units").length} units. ` +
        (begun.length ? `Begun: ${begun.join(", ")}.` : "");
  };
  const events = [ANSWERED, "storage", "focus"];
  events.forEach((event) => window.addEventListener(event, show));
  show();
  const where = document.createElement("small");
  where.textContent =
    "Your answers stay in this browser, at this address; nothing is sent. The file is for your " +
    "teacher or for you.";
  box.append(told, label, buttons, asked, where, marks);
  el.append(box);
  return () => {
    events.forEach((event) => window.removeEventListener(event, show));
    box.remove();
  };
}

// Which units are done and begun, and the rules of style that say so in the list of units.
function marked(units, answers, mark) {
  let done = 0;
  const begun = [];
  const rules = [];
  units.forEach(({ unit, title, questions }) => {
    const number = questions.filter((question) => Object.hasOwn(answers, question)).length;
    if (number === 0) return;
    const whole = number === questions.length;
    const words = whole ? "✓ done" : `${number} of ${questions.length} questions`;
    if (whole) done += 1;
    else begun.push(`${title} (${words})`);
    rules.push(`.${mark} [data-unit="${unit}"] > a::after { content: " ${words}"; }`);
    const share = Math.round((100 * number) / questions.length);
    rules.push(`.${mark} [data-unit="${unit}"] { --clusterlab-done: ${share}%; }`);
  });
  return { done, begun, rules: rules.join("\n") };
}

// The file to hand in. The sum is CRC-32 of its other parts: it finds what was changed by accident.
function answerFile(version, name) {
  const parts = { clusterlab: version, name, saved: new Date().toISOString(), answers: readAnswers() };
  const sum = crc32(new TextEncoder().encode(JSON.stringify(parts)));
  return JSON.stringify({ ...parts, sum: sum.toString(16).padStart(8, "0") }, null, 1) + "\n";
}

function crc32(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

export default { render };
