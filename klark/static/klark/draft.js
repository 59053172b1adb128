// The draft's page: the button says whether the text was edited, Ctrl+Enter approves, and an edit is not lost unasked.
"use strict";

const form = document.getElementById("k-approve");

if (form) {
  const text = form.elements.text;
  const button = document.querySelector('button[value="approve"]');
  const untouched = button.textContent;
  const first = text.value;
  let leaving = false;

  const grow = () => {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  };
  const tell = () => {
    button.textContent = text.value === first ? untouched : form.dataset.edited;
    grow();
  };

  text.addEventListener("input", tell);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(button);
  });
  document.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && text.value !== first) event.preventDefault();
  });
  document.querySelectorAll("details[name='k-other']").forEach((other) => {
    other.addEventListener("toggle", () => { if (other.open) other.querySelector("textarea, button").focus(); });
  });
  tell();
}
