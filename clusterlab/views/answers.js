// What the reader has answered, in this browser's own storage and nowhere else; by a question's text.

const ANSWERS = "clusterlab.answers";
const ANSWERED = "clusterlab-answered"; // told to the other views of the page

function readAnswers() {
  try {
    const found = JSON.parse(localStorage.getItem(ANSWERS));
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch {
    return {}; // forbidden, or written by somebody else
  }
}

// Keeps one judged answer; returns whether the browser took it.
function keepAnswer(question, { given, right, feedback }) {
  const all = readAnswers();
  const before = Object.hasOwn(all, question) ? all[question] : { first: given, tries: 0 };
  const { first, tries } = before;
  const time = new Date().toISOString();
  all[question] = { first, last: given, right, feedback, tries: tries + 1, time };
  try {
    localStorage.setItem(ANSWERS, JSON.stringify(all));
  } catch {
    return false; // full or forbidden
  }
  window.dispatchEvent(new Event(ANSWERED));
  return true;
}
