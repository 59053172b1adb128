// Copies what stands in a text field; where a browser gives no clipboard (plain http), it is selected for Ctrl + C.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  } catch { /* it is selected */ }
});
