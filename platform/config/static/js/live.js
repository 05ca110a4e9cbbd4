// A page that shows what others change asks each second whether it has, and then takes over the parts that are marked.
(() => {
  "use strict";
  const told = document.querySelector("meta[name=live]");
  if (!told) return;
  const EVERY_MS = 1000;
  const LONGEST_MS = 30000;
  let seen = Number(told.dataset.at);
  let tag = "";
  let wait = EVERY_MS;
  let timer = null;
  let isStale = false;

  // What somebody is typing or has chosen is never taken away: the part waits until the form is sent or left as it was.
  const isChanged = (field) =>
    field.type === "checkbox" || field.type === "radio"
      ? field.checked !== field.defaultChecked
      : "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;
  const isInUse = (part) =>
    part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
      ? true
      : [...part.querySelectorAll("input, textarea")].some(isChanged);

  // What goes by itself, as the word that a message is new does once it is read, is no reason to take a part over.
  const wordsOf = (part) => {
    const copy = part.cloneNode(true);
    for (const passing of copy.querySelectorAll("[data-passing]")) passing.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  const takeOver = (part, fresh) => {
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const open = [...part.querySelectorAll("details")].map((each) => each.open);
    [...fresh.querySelectorAll("details")].forEach((each, place) => {
      if (open[place]) each.open = true;
    });
    part.replaceWith(fresh);
    window.htmx?.process(fresh);
    if (!focused) return;
    const same = [...fresh.querySelectorAll(focused.localName)].find((each) => each.textContent === focused.textContent);
    (same || document.getElementById("main"))?.focus({ preventScroll: true });
  };

  const show = async () => {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    isStale = false;
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(part.id);
      if (!fresh || wordsOf(fresh) === wordsOf(part)) continue;
      if (isInUse(part)) isStale = true;
      else {
        takeOver(part, fresh);
        const said = fresh.dataset.live && document.getElementById("live-said");
        if (said) said.textContent = fresh.dataset.live;
      }
    }
  };

  const ask = async () => {
    try {
      const answer = await fetch(told.content, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
      if (answer.status === 404) return; // of an earlier key: the next page has a new address
      if (answer.status >= 400) throw new Error(String(answer.status));
      tag = answer.headers.get("ETag") || tag;
      const changed = Number(tag.replaceAll('"', ""));
      if (changed > seen || isStale) {
        await show();
        seen = Math.max(seen, changed);
      }
      wait = EVERY_MS;
    } catch {
      wait = Math.min(2 * wait, LONGEST_MS);
    }
    if (!document.hidden) timer = setTimeout(ask, wait);
  };

  // A page that nobody looks at does not ask; it does at once when it is looked at again.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  if (!document.hidden) ask();
})();
