// Selecting rows: the header's checkbox selects all, the bar counts.
(() => {
  "use strict";
  const boxes = (form) => [...form.querySelectorAll('input[type="checkbox"][name="ids"]')];

  const refresh = (form) => {
    const all = boxes(form);
    const chosen = all.filter((box) => box.checked).length;
    const count = form.querySelector("[data-bulk-count]");
    if (count) count.textContent = chosen ? String(chosen) : "";
    for (const button of form.querySelectorAll("[data-bulk-bar] button")) button.disabled = chosen === 0;
    const head = form.querySelector("[data-select-all]");
    if (head) {
      head.checked = chosen > 0 && chosen === all.length;
      head.indeterminate = chosen > 0 && chosen < all.length;
    }
  };

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form?.querySelector("[data-bulk-bar]")) return;
    if (event.target.matches("[data-select-all]")) {
      for (const box of boxes(form)) box.checked = event.target.checked;
    }
    refresh(form);
  });

  const refreshAll = () => {
    for (const bar of document.querySelectorAll("[data-bulk-bar]")) {
      const form = bar.closest("form");
      if (form) refresh(form);
    }
  };
  refreshAll();
  document.addEventListener("htmx:afterSwap", refreshAll);
})();
