// Small comforts on every page; each page works without them.
(() => {
  "use strict";

  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  };

  // Browsers that know the command attribute open the dialog themselves.
  const knowsCommands = "commandForElement" in HTMLButtonElement.prototype;

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;

    const opener = target.closest("[data-opens]");
    if (opener && !knowsCommands) openDialog(opener.dataset.opens);

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

  // Filters apply as soon as they change; the button stays for everyone else.
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-autosubmit")) form.requestSubmit();
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

  document.querySelector(".error-summary")?.focus();
})();
