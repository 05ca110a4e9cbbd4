// Small comforts on every page; each page works without them.
(() => {
  "use strict";

  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  };

  // A link is selected for copying by hand where the browser does not copy.
  const copy = async (input) => {
    input.select();
    await navigator.clipboard.writeText(input.value);
    document.getElementById(`${input.id}-copied`).hidden = false;
  };
  if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copies]")) button.hidden = false;

  // Browsers that know the command attribute open the dialog themselves.
  const knowsCommands = "commandForElement" in HTMLButtonElement.prototype;

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;

    const opener = target.closest("[data-opens]");
    if (opener && !knowsCommands) openDialog(opener.dataset.opens);

    const copier = target.closest("[data-copies]");
    if (copier) copy(document.getElementById(`${copier.dataset.copies}-link`));

    const dismiss = target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest("[data-toast]")?.remove();

    const step = target.closest("[data-quantity] [data-step]");
    if (step) {
      const input = step.closest("[data-quantity]").querySelector("input");
      if (step.dataset.step === "1") input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Choices apply as soon as they are made; the button stays for everyone else. What is typed waits for Enter or the
  // button: sending it would take the fields away from under somebody who types on. Numbers that are stepped up and
  // down are sent when the stepping has stopped, and when the page is left before that.
  const TYPED = "input:not([type]), input[type=text], input[type=search]";
  const LATE_MS = 600;
  let late = null;

  const sendNow = () => {
    if (!late) return;
    const { form } = late;
    forgetLate();
    form.requestSubmit();
  };
  const forgetLate = () => {
    clearTimeout(late?.timer);
    late = null;
  };

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form?.hasAttribute("data-autosubmit") || event.target.matches(TYPED)) return;
    if (!form.hasAttribute("data-sends-late")) {
      form.requestSubmit();
      return;
    }
    forgetLate();
    late = { form, timer: setTimeout(sendNow, LATE_MS) };
  });
  document.addEventListener("submit", forgetLate);
  window.addEventListener("pagehide", () => {
    if (late) navigator.sendBeacon(late.form.action, new FormData(late.form));
    forgetLate();
  });

  // A money form is sent once, however often the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-once")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
    }
  });

  // A refused form's first fault has the focus: what is refused as a whole, else the first control.
  const faults = document.querySelectorAll(".error-summary, main [aria-invalid=true]");
  [...faults].find((fault) => fault.checkVisibility())?.focus();

  // Notices go once they could be read, unless somebody is at them; errors and those with ways on stay. The room that a
  // notice took is given up where nobody sees it, so that nothing moves under a finger.
  const READING_MS = 5000;
  const A_LETTER_MS = 50;
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (!isIntersecting) target.remove();
  });
  for (const notice of document.querySelectorAll("#toasts [data-toast]:not(.tone-error, :has(a))")) {
    let timer;
    const leave = () => {
      if (notice.matches(":hover, :focus-within")) return stay();
      notice.classList.add("is-gone");
      if (document.querySelectorAll("#toasts [data-toast]:not(.is-gone)").length) return;
      document.getElementById("toasts").classList.add("is-empty");
      for (const gone of document.querySelectorAll("#toasts .is-gone")) seen.observe(gone);
    };
    const stay = () => {
      clearTimeout(timer);
      timer = setTimeout(leave, READING_MS + A_LETTER_MS * notice.textContent.length);
    };
    stay();
  }
})();
