// Pages of which htmx replaces parts: what was typed stays, what changed is shown, and a failure is not silent.
(() => {
  "use strict";
  const TEXT = "input:not([type]), input[type=text], input[type=search], input[type=number]";
  let typing = null;

  // The pictures' strip is moved by itself, so that the page stays where it is and Back has no step more.
  const showPicture = (picture) => {
    const strip = picture?.parentElement;
    strip?.scrollTo({ left: picture.offsetLeft - strip.offsetLeft });
    for (const link of document.querySelectorAll("a[data-shows]")) {
      if (link.hash === `#${picture?.id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-shows]");
    if (!link) return;
    event.preventDefault();
    showPicture(document.getElementById(link.hash.slice(1)));
  });

  // What is typed while an answer is under way is put into the field that the answer brings.
  document.addEventListener("htmx:beforeSwap", () => {
    const field = document.activeElement;
    typing = field?.id && field.matches(TEXT) ? { id: field.id, value: field.value } : null;
  });

  document.addEventListener("htmx:afterSwap", () => {
    const field = typing && document.getElementById(typing.id);
    if (field && field.value !== typing.value) field.value = typing.value;
    typing = null;
  });

  // A control without an id that has the focus while its part is replaced has it afterwards too: keys go on from there.
  const alike = (control) =>
    [...document.querySelectorAll(control.tagName)].filter(
      (other) => other.name === control.name && other.value === control.value && other.textContent.trim() === control.textContent.trim(),
    );
  let focused = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const control = document.activeElement;
    focused = control && control !== document.body ? { control, place: alike(control).indexOf(control) } : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const isLost = focused && !focused.control.isConnected && document.activeElement === document.body;
    if (isLost) alike(focused.control)[focused.place]?.focus({ preventScroll: true });
    focused = null;
  });

  // A form in a drawer that was sent by its button is done with, unless something in it was refused.
  const closeDrawer = (id) => {
    const drawer = id && document.getElementById(id);
    if (!drawer) return;
    const fault = drawer.querySelector("[aria-invalid=true]");
    if (fault) fault.focus();
    else if (drawer.matches(":popover-open")) drawer.hidePopover();
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    closeDrawer(event.detail.requestConfig?.triggeringEvent?.submitter?.dataset.closes);
    const part = event.detail.target?.isConnected ? event.detail.target : document.getElementById(event.detail.target?.id);
    if (part?.dataset.picture) showPicture(document.getElementById(`picture-${part.dataset.picture}`));
    const said = part?.querySelector?.("[data-added]");
    if (!said) return;
    said.scrollIntoView({ block: "nearest" });
    markInvalid(said.dataset.invalid);
  });

  const markInvalid = (id) => {
    for (const field of document.querySelectorAll("#buy [aria-invalid]")) field.removeAttribute("aria-invalid");
    const field = id && (document.getElementById(id) || document.querySelector("#buy input[type=radio]:enabled"));
    field?.setAttribute("aria-invalid", "true");
    field?.focus();
  };

  // A refusal that is no part of the page is shown as the page that it is; after a failure it is said that it failed.
  const sayFailed = () => {
    const note = document.getElementById("failed");
    if (note) document.getElementById("toasts")?.append(note.content.cloneNode(true));
  };
  // A part that asks again by itself does so after a busy answer too: its page, and a place in a queue, stay.
  const asksAgain = (part) => part?.getAttribute?.("hx-trigger")?.startsWith("every ");
  // A form that is sent by itself has not been pressed: where that fails, its button stays, and so does what is typed.
  const isSentByItself = (part) => part?.getAttribute?.("hx-trigger") === "load";
  document.addEventListener("htmx:responseError", (event) => {
    const { requestConfig, pathInfo, elt, xhr } = event.detail;
    if (isSentByItself(elt)) return;
    if (asksAgain(elt) && (xhr.status === 429 || xhr.status >= 500)) return;
    if (requestConfig.verb === "get") location.assign(pathInfo.finalRequestPath);
    else if (xhr.status < 500) elt.closest("form").submit();
    else sayFailed();
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (!asksAgain(event.detail.elt) && !isSentByItself(event.detail.elt)) sayFailed();
  });
})();
