// What a page does by itself: print, and let the keyboard reach what scrolls.
"use strict";

for (const button of document.querySelectorAll("button.print")) {
  button.addEventListener("click", () => window.print());
}

// What opens a topic in the contents is named by its topic, and the button of the search by its words.
for (const fold of document.querySelectorAll(".bd-sidebar summary")) {
  const topic = fold.closest("li").querySelector("a").textContent.trim();
  fold.setAttribute("aria-label", `Pages of ${topic}`);
}
document.querySelector(".search-button-field")?.removeAttribute("aria-label");

// Paper is white: what is dark is printed light.
const look = document.documentElement.dataset;
let dark = false;
window.addEventListener("beforeprint", () => {
  dark = look.theme === "dark";
  if (dark) look.theme = "light";
});
window.addEventListener("afterprint", () => {
  if (dark) look.theme = "dark";
});

function reachable() {
  const scrolling = "div.math, mjx-container[display], .pst-scrollable-table-container";
  for (const box of document.querySelectorAll(scrolling)) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", box.matches(".math, mjx-container") ? "Formula" : "Table");
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  }
}

window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise; // before that a formula has no width
  reachable();
  window.addEventListener("resize", reachable);
});
