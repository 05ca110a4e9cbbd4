// Uploads with a progress bar and drag and drop; without it the form is posted as usual.
(() => {
  "use strict";

  const say = (field, text) => {
    field.querySelector("[data-upload-status]").textContent = text;
  };

  // A refused upload is answered with the page as it is without this script; its reason is shown here.
  const refuse = (field, request) => {
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const reason = answer.querySelector("[data-upload] .field-error")?.textContent.trim();
    field.querySelector("progress").hidden = true;
    say(field, "");
    const error = field.querySelector("[data-upload-error]");
    error.textContent = reason || field.dataset.refused;
    error.hidden = false;
    field.querySelector('input[type="file"]').setAttribute("aria-invalid", "true");
  };

  const send = (form, field) => {
    const bar = field.querySelector("progress");
    const request = new XMLHttpRequest();
    request.open(form.method, form.action);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.hidden = false;
      bar.value = Math.round((100 * event.loaded) / event.total);
      say(field, field.dataset.sent.replace("{percent}", bar.value));
    });
    request.addEventListener("load", () => {
      if (request.responseURL && request.status < 400) window.location.assign(request.responseURL);
      else refuse(field, request);
    });
    request.addEventListener("error", () => say(field, field.dataset.lost));
    request.send(new FormData(form));
  };

  for (const field of document.querySelectorAll("[data-upload]")) {
    const zone = field.querySelector(".dropzone");
    const input = field.querySelector('input[type="file"]');
    const form = input.form;
    const names = () => {
      say(field, [...input.files].map((file) => file.name).join(", "));
      field.querySelector("[data-upload-error]").hidden = true;
      input.removeAttribute("aria-invalid");
    };

    input.addEventListener("change", names);
    for (const kind of ["dragenter", "dragover"]) {
      zone.addEventListener(kind, (event) => {
        event.preventDefault();
        zone.classList.add("is-over");
      });
    }
    for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("is-over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      input.files = event.dataTransfer.files;
      names();
    });
    form?.addEventListener("submit", (event) => {
      if (!input.files.length || !form.hasAttribute("data-progress")) return;
      event.preventDefault();
      send(form, field);
    });
  }
})();
