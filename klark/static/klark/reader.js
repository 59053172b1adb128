// What every page does for its reader. Unfold draws some buttons as plain words and icons that only a mouse can press: here they
// become buttons for the keyboard and for screen readers, with names. What scrolls sideways can be reached by keyboard too. And
// klark is told the browser's time zone, so that the next page has the reader's own times.
"use strict";

if (window.htmx) htmx.config.includeIndicatorStyles = false; // a style element of its own, which the content policy refuses

const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
if (!document.cookie.split("; ").includes(`klark_zone=${zone}`)) {
  document.cookie = `klark_zone=${zone}; path=/admin/; max-age=31536000; samesite=lax`;
}

const prepare = () => {
  const names = { dock_to_right: "menu", close: "close", light_mode: "look", dark_mode: "look", computer: "look" };
  const words = document.querySelector("#page")?.dataset ?? {};
  const iconOf = (button) => (button.matches(".material-symbols-outlined") ? button : button.querySelector(".material-symbols-outlined"));

  for (const button of document.querySelectorAll(":is(a:not([href]), span, div.cursor-pointer)[x-on\\:click]:not([role])")) {
    const icon = iconOf(button), only = icon && icon.textContent.trim() === button.textContent.trim();
    button.role = "button";
    button.tabIndex = 0;
    if (only) button.ariaLabel = button.title || words[names[icon.textContent.trim()] ?? "look"];
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      button.click();
    });
  }
  document.querySelector("#nav-sidebar-inner")?.setAttribute("aria-label", words.menu);
  for (const icon of document.querySelectorAll(".material-symbols-outlined:not([role])")) {
    icon.ariaHidden = String(icon.parentElement.textContent.trim() !== icon.textContent.trim());
  }
  for (const cell of document.querySelectorAll("[data-label]")) {
    cell.dataset.label = cell.dataset.label.charAt(0).toUpperCase() + cell.dataset.label.slice(1);
  }
  for (const wide of document.querySelectorAll(".k-scroll, .k-card, .k-report, .k-raw, #result_list")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
};
document.addEventListener("DOMContentLoaded", prepare);
document.addEventListener("k-replaced", prepare); // a part of the page is new
