// The list of drafts without a reload: what is new comes, and what is done with goes. Nothing moves while somebody chooses or types.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const LOOKS_MS = 10_000;
  const BADGE = `#nav-sidebar-apps a[href="${location.pathname}"]`;
  const one = (selector, page = document) => page.querySelector(selector);
  const links = (page) => [...page.querySelectorAll("#result_list a[href*='/change/']")];
  const words = (page) => [...page.querySelectorAll("#result_list tbody")].map((row) => row.textContent).join();
  const scroller = () => one("#result_list")?.closest(".simplebar-content-wrapper");
  const news = one("#k-news");
  let looking = false;

  const isBusy = () => {
    const filters = one("#changelist-filter");
    const covers = filters && filters.checkVisibility() && getComputedStyle(filters).position === "fixed";
    return document.hidden || covers || one("dialog[open], #result_list input:checked, input:focus, select:focus");
  };
  const replace = (selector, fresh) => {
    const shown = one(selector), now = one(selector, fresh);
    if (shown && now && shown.textContent !== now.textContent) shown.replaceWith(now);
  };
  const showRows = (fresh) => {
    const before = links(document), at = before.indexOf(document.activeElement);
    const address = at >= 0 && before[at].getAttribute("href"), aside = scroller()?.scrollLeft;
    replace("#changelist-form", fresh);
    const after = links(document), next = after.find((link) => link.getAttribute("href") === address) ?? after[at] ?? after.at(-1);
    setTimeout(() => { // once the table stands in its scroll box again, which takes the focus away
      if (at >= 0) next?.focus({ preventScroll: true });
      if (aside) scroller()?.scrollTo({ left: aside });
    });
    const boxes = document.querySelectorAll("tr input.action-select");
    if (boxes.length) Actions(boxes, { parent: one(".result-list-wrapper") }); // Django's, which counts what is chosen
    if (`${before}` !== `${after}`) news.textContent = one("#k-news", fresh).dataset.told;
  };
  const show = (fresh) => {
    if (words(fresh) !== words(document)) showRows(fresh);
    for (const part of ["#changelist-filter:not(:focus-within)", "#k-main > :last-child"]) replace(part, fresh);
    const menu = one(BADGE), badge = one(BADGE, fresh)?.children[2];
    menu?.children[2]?.remove();
    if (badge) menu?.append(badge);
    document.dispatchEvent(new Event("k-replaced"));
  };
  const look = async () => {
    if (looking || isBusy()) return;
    looking = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Klark-Unattended": "yes" }, redirect: "manual" });
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      if (fresh && one("#changelist-form", fresh) && !isBusy()) show(fresh);
    } catch { /* no network: the next look is in a few seconds */ }
    looking = false;
  };
  setInterval(look, LOOKS_MS);
  document.addEventListener("visibilitychange", look);
});
