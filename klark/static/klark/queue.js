// The queue by keyboard, and what an open draft's page does by itself. Pages declare their keys by aria-keyshortcuts.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const SETTLES_MS = 400; // a key that comes sooner was meant for the page before: nobody approves what they have not seen
  const REPORTS_MS = 6000;
  const shownAt = performance.now();
  const one = (selector) => document.querySelector(selector);
  const box = one("#k-body");
  let leaving = false;

  // Keys

  const off = one("#k-keys-off");
  if (off) {
    off.checked = localStorage.getItem("k-keys") === "off";
    off.addEventListener("change", () => localStorage.setItem("k-keys", off.checked ? "off" : "on"));
  }
  const types = (element) =>
    element.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");
  const declared = (key) => /^[a-z?/]$/.test(key) && one(`[aria-keyshortcuts~="${key}"]:not(:disabled)`);

  const moved = (step) => {
    const rows = [...document.querySelectorAll("#result_list a[href*='/change/']")];
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
    return rows.length > 0;
  };
  const opened = () => {
    const queue = one("a[href$='/klark/draft/']");
    queue?.click();
    return Boolean(queue);
  };
  const press = (key) => {
    const target = declared(key);
    if (!target) return (key === "j" && moved(1)) || (key === "k" && moved(-1)) || (key === "q" && opened());
    if (key === "/") target.hash = "searchbar";
    target.click();
    return true;
  };
  const sent = (from) => {
    const button = from.closest(".k-others form, .k-objected, #k-add")?.querySelector("button") ?? one("button[value=approve]:not(:disabled)");
    button?.click();
    return Boolean(button);
  };
  const acts = (event) => {
    const commands = event.ctrlKey || event.metaKey;
    const early = event.timeStamp - shownAt < SETTLES_MS;
    if (event.isComposing || event.defaultPrevented || event.altKey || one("dialog[open]")) return false;
    if (event.key === "Enter" && commands) return event.repeat || (early && !types(event.target)) || sent(event.target);
    if (event.key === "Escape" && event.target.closest(".k-draft textarea")) return left(event.target);
    if (commands || types(event.target) || localStorage.getItem("k-keys") === "off") return false;
    if ((early || event.repeat) && !"jk".includes(event.key)) return false;
    return press(event.key);
  };
  const left = (element) => {
    element.blur();
    if (element === box && read && box.value === box.defaultValue) typesIn(false);
    element.closest("details")?.removeAttribute("open");
    return true;
  };
  document.addEventListener("keydown", (event) => { if (acts(event)) event.preventDefault(); });

  one("[data-opens]")?.addEventListener("click", (event) => one(event.target.closest("[data-opens]").dataset.opens).showModal());
  if (location.hash === "#searchbar") one("#searchbar")?.focus();

  // The thread, at the message to answer: it scrolls by itself beside the draft, and on a phone what came before is folded

  const thread = one(".k-thread"), turn = one("#turn"), narrow = matchMedia("(max-width: 1023px)");
  const fit = () => {
    const top = Math.max(thread.getBoundingClientRect().top, 16);
    thread.style.maxHeight = narrow.matches ? "" : `${innerHeight - top - 16}px`;
  };
  let shows = 0;
  const show = () => {
    if (thread.scrollTop !== shows) return; // somebody reads elsewhere already
    fit();
    thread.scrollTop = turn.offsetTop - 8;
    shows = thread.scrollTop;
  };
  if (turn) {
    show();
    addEventListener("load", show); // in the page's own font, which comes later, lines break elsewhere
    for (const moves of ["scroll", "resize"]) addEventListener(moves, fit, { capture: true, passive: true });
    if (narrow.matches) one(".k-earlier")?.removeAttribute("open");
  }

  // The draft as it reads: each sentence leads to its source, and a click or Enter to editing it there

  const typing = one("#k-typing"), read = one("#k-read"), source = one("#k-source");
  const typesIn = (does) => {
    typing.hidden = !does;
    one("#k-edit").hidden = does;
    for (const each of [read, source]) if (each) each.hidden = does;
    tell();
  };
  const edit = (at = box.value.length) => {
    typesIn(true);
    box.focus();
    box.setSelectionRange(at, at);
  };
  const light = (about) => {
    const pair = document.querySelectorAll(`[data-claim="${about.dataset.claim}"]`);
    document.querySelectorAll(".k-lit").forEach((each) => each.classList.remove("k-lit"));
    pair.forEach((each) => each.classList.add("k-lit"));
    if (!read?.contains(about)) return;
    const row = pair[pair.length - 1].cloneNode(true);
    row.querySelector("p").remove(); // the sentence itself: it stands above
    row.querySelectorAll("[id]").forEach((each) => each.removeAttribute("id"));
    source.replaceChildren(...row.children);
  };
  for (const reached of ["mouseover", "focusin"]) {
    document.addEventListener(reached, (event) => {
      const about = event.target.closest("[data-claim]");
      if (about) light(about);
    });
  }
  const upTo = (node, offset) => {
    const text = document.createRange();
    text.setStart(read, 0);
    text.setEnd(node, offset);
    return text.toString().length;
  };
  read?.addEventListener("click", () => {
    const { anchorNode, anchorOffset, isCollapsed } = getSelection();
    if (isCollapsed && read.contains(anchorNode) && matchMedia("(hover: hover)").matches) edit(upTo(anchorNode, anchorOffset));
  });
  read?.addEventListener("keydown", (event) => {
    const about = event.target.closest("[data-claim]");
    if (!about || event.ctrlKey || event.metaKey || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    edit(upTo(about, about.childNodes.length));
  });
  one("#k-edit")?.addEventListener("click", () => edit());
  requestAnimationFrame(() => one(".k-objected")?.scrollIntoView({ block: "nearest" })); // once the box has its height

  // Taking back what one has just approved; once that is too late, what became of it, asked for six times within two minutes

  const undo = one(".k-undo");
  const became = async (waits) => {
    const about = new FormData(undo);
    about.delete("csrfmiddlewaretoken");
    const asks = fetch(`${undo.action}?${new URLSearchParams(about)}`, { headers: { "X-Klark-Unattended": "yes" }, redirect: "manual" });
    const told = await asks.then((answer) => answer.ok && answer.text(), () => ""); // no network: the next time
    if (told) undo.querySelector("span").textContent = told;
    else if (waits < 120_000) setTimeout(became, waits, 2 * waits);
  };
  if (undo?.dataset.seconds) {
    const until = shownAt + undo.dataset.seconds * 1000;
    const clock = setInterval(() => {
      const seconds = Math.round((until - performance.now()) / 1000);
      if (seconds > 0) return void (undo.querySelector("b").textContent = seconds);
      clearInterval(clock);
      undo.querySelector("button").remove();
      undo.querySelector("span").textContent = undo.dataset.late;
      setTimeout(became, 2_000, 4_000);
    }, 1000);
  }

  // Help with a draft: a model may take a minute, so the page stays as it is meanwhile. The answer is brought where it is seen,
  // unless somebody types by then

  const bring = (into) => {
    if (types(document.activeElement)) return;
    into.focus({ preventScroll: true });
    into.scrollIntoView({ block: "nearest" });
  };
  const helped = async (asking, button) => {
    const into = one(asking.dataset.into);
    const body = new FormData(asking, button);
    if (body.has("text")) body.set("text", box.value);
    into.textContent = asking.dataset.waits;
    button.disabled = true;
    bring(into);
    try {
      const answer = await fetch(asking.action, { method: "POST", body, redirect: "manual" });
      if (!answer.ok) throw answer;
      into.innerHTML = await answer.text();
    } catch {
      into.textContent = asking.dataset.failed;
    }
    button.disabled = false;
    bring(into);
  };
  document.querySelectorAll("form[data-into]").forEach((asking) => {
    asking.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation(); // nothing leaves the page, so an edit stays
      helped(asking, event.submitter);
    });
  });
  document.addEventListener("click", (event) => {
    const put = event.target.closest("[data-puts]");
    if (!put || !box) return;
    edit();
    box.select();
    document.execCommand("insertText", false, one(put.dataset.puts).textContent.trim()); // Ctrl + Z brings the old text back
  });

  // What is typed into a draft's page and sent when the login is over is kept in this tab, until a page comes back that has heard
  // it, or a logout. A reply without a box, since somebody has decided meanwhile, comes back in that of a text that was not sent

  const logout = one("#logout-form"), who = one(".k-draft")?.dataset.who, keptAs = (path) => `k-typed ${path}`;
  const came = document.referrer && performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (logout && came) sessionStorage.removeItem(keptAs(new URL(document.referrer).pathname));
  logout?.addEventListener("submit", () => sessionStorage.clear());
  const asCame = (element) => element.dataset.first ?? element.defaultValue;
  addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.closest("[data-who]")) return;
    const typed = [...document.querySelectorAll(".k-draft textarea")].filter((each) => each.value !== asCame(each));
    const told = who + JSON.stringify(typed.map((each) => [each.id, each.value]));
    if (typed.length) sessionStorage.setItem(keptAs(location.pathname), told);
  });
  const unsent = sessionStorage.getItem(keptAs(location.pathname)) ?? "";
  const back = () => {
    try {
      return who && unsent.startsWith(who) ? [...JSON.parse(unsent.slice(who.length))] : [];
    } catch {
      return []; // of another version of this page
    }
  };
  for (const [id, text] of back()) {
    const into = document.getElementById(id) ?? (id === "k-body" && one("#k-kept-text"));
    if (!into) continue;
    into.value = text;
    into.closest("section").hidden = one("#k-unsent").hidden = false;
    into.closest("details")?.setAttribute("open", "");
  }

  // A draft's page: an edit is not lost unasked, and nothing is sent twice

  const form = one("#k-approve");
  if (!form) return;
  const button = one(".k-bar button[value=approve]");
  const approves = button.textContent;
  const isEdited = () => box.value !== asCame(box);
  const tell = () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
    label();
  };
  box.addEventListener("input", tell);
  box.addEventListener("input", () => { // a reason that waits unseen was for another text
    const reason = one("#k-overrule");
    if (reason?.hidden) reason.value = "";
  });

  // Nobody sends a reply that was not in view as a whole: until it was, a press brings into view what comes next

  let seen = 0, broughtAt = -SETTLES_MS; // px from the reply's top on
  const covered = () => { // from here on the bar, and the source above it, lie over the reply
    const over = [one(".k-bar"), source].filter((each) => each && !each.hidden);
    return Math.min(innerHeight, ...over.map((each) => each.getBoundingClientRect().top));
  };
  const unseen = () => {
    const reply = [read, typing].find((each) => each && !each.hidden).getBoundingClientRect();
    if (document.readyState === "complete" && reply.top + seen >= 0) seen = Math.max(seen, covered() - reply.top + 1); // half pixels
    return !isEdited() && seen < reply.height && reply.top + seen;
  };
  const label = () => {
    button.textContent = isEdited() ? form.dataset.edited : unseen() === false ? approves : form.dataset.unseen;
  };
  const brings = () => {
    const next = unseen(), before = scrollY;
    if (next === false) return performance.now() - broughtAt < SETTLES_MS;
    scrollBy({ top: next - covered() / 8, behavior: "instant" }); // with a little of what was seen before
    broughtAt = performance.now();
    if (scrollY === before) seen = Infinity; // there is no more to bring
    return true;
  };
  for (const moves of ["load", "scroll", "resize"]) addEventListener(moves, label, { capture: true, passive: true });

  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    if (leaving || (event.submitter === button && brings())) return event.preventDefault();
    leaving = !isEdited() || Boolean(event.target.elements.text); // another form does not take the edit along
    if (event.target.elements.text && isEdited()) event.target.elements.text.value = box.value;
  });
  window.addEventListener("beforeunload", (event) => { if (!leaving && isEdited()) event.preventDefault(); });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) return location.reload();
    if (box.value !== box.defaultValue) typesIn(true); // the browser has put back what was typed before
  });
  document.querySelectorAll("details[name='k-other']").forEach((other) => {
    other.addEventListener("toggle", () => {
      if (!other.open) return;
      other.querySelector("textarea, button").focus();
      other.querySelector("form").scrollIntoView({ block: "nearest" });
    });
  });
  tell();

  // Who else is here, and whether the draft still waits

  const here = one("#k-presence");
  let told = "";
  const say = (html, waits) => {
    if (html !== told) here.innerHTML = told = html;
    document.querySelectorAll("[data-waits] [name=press]:not(#k-presence *)").forEach((each) => { each.disabled = !waits; });
  };
  const report = async () => {
    if (document.hidden || leaving) return;
    const cookie = document.cookie.match(/csrftoken=(\w+)/)?.[1]; // a new one after another login
    if (cookie) document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((each) => { each.value = cookie; });
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    if (isEdited()) body.set("edits", "1");
    try {
      const headers = { "X-Klark-Unattended": "yes" };
      const answer = await fetch(here.dataset.address, { method: "POST", body, headers, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 403) return say(here.dataset.out, false);
      if (answer.ok) {
        const { html, waits } = await answer.json();
        say(html, waits);
      }
    } catch { /* no network: the next report is in a few seconds */ }
  };
  report();
  setInterval(report, REPORTS_MS);
  document.addEventListener("visibilitychange", report);
});
