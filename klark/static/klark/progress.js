// Shows how far a backtest is, until it ends; then the page is loaded anew, with its report.
"use strict";

const LOOKS_MS = 2000;
const look = async () => {
  const answer = await fetch(location.href);
  const read = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#k-progress");
  if (!read) return location.reload();
  document.querySelector("#k-progress").replaceChildren(...read.childNodes);
  setTimeout(look, LOOKS_MS);
};
setTimeout(look, LOOKS_MS);
