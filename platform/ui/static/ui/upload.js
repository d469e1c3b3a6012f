/* Uploads: a place to drop a file on, a check of size and kind before sending, and the progress of sending.
   form[data-upload] with a [data-drop] from {% upload_field %}. Without this script the form is sent as it is.
   The server answers a sent file with JSON {url} (go there), or {title, text, cell} and a status of 400 or more. */
(function () {
  "use strict";

  function size(bytes) { return bytes < 1048576 ? Math.round(bytes / 1024) + " KB" : (bytes / 1048576).toFixed(bytes < 10485760 ? 1 : 0) + " MB"; }
  function fits(file, accept) {
    if (!accept) { return true; }
    var name = file.name.toLowerCase();
    return accept.split(",").some(function (end) { return name.slice(-end.trim().length) === end.trim().toLowerCase(); });
  }

  function prepare(form) {
    var drop = form.querySelector("[data-drop]"), input = drop.querySelector("input[type=file]"), said = drop.querySelector("[data-said]");
    var bar = drop.querySelector("[data-bar]"), button = form.querySelector("[type=submit]"), invite = drop.querySelector("[data-invite]");
    var words = drop.dataset, sending = false;
    invite.hidden = false;

    function complaint(file) {
      if (words.max && file.size > Number(words.max)) { return words.tooBig.replace("{size}", size(file.size)); }
      return fits(file, input.accept) ? "" : words.wrongKind.replace("{name}", file.name);
    }
    function say(text, bad) {
      said.textContent = text;
      said.className = "mt-2 mb-0 small" + (bad ? " hq-error" : "");
      input.setAttribute("aria-invalid", bad ? "true" : "false");
    }
    function check() {
      var file = input.files[0];
      var wrong = file ? complaint(file) : "";
      say(wrong || (file ? file.name + "，" + size(file.size) : ""), Boolean(wrong));
      if (button) { button.disabled = Boolean(wrong); }
      return file && !wrong;
    }
    function stop(text) {
      sending = false;
      bar.hidden = true;
      if (button) { button.disabled = false; }
      say(text, true);
    }
    function answered(request) {
      var answer = null;
      try { answer = JSON.parse(request.responseText); } catch (e) { /* a page, not an answer */ }
      if (request.status < 400 && answer && answer.url) { say(words.arrived); window.location.assign(answer.url); return; }
      if (request.status < 400) { window.location.assign(request.responseURL || form.action); return; }
      stop(answer && (answer.title || answer.text) ? [answer.title, answer.cell, answer.text].filter(Boolean).join("：") : words.refused.replace("{status}", request.status));
    }
    function send(event) {
      if (sending || !check()) { event.preventDefault(); return; }
      event.preventDefault();
      sending = true;
      if (button) { button.disabled = true; }
      bar.hidden = false;
      var request = new XMLHttpRequest(), told = -1;
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.upload.addEventListener("progress", function (e) {
        if (!e.lengthComputable) { bar.removeAttribute("value"); return; }
        var percent = Math.floor(100 * e.loaded / e.total);
        bar.value = percent;
        if (Math.floor(percent / 10) !== told) { told = Math.floor(percent / 10); say(words.sending.replace("{percent}", percent)); }
      });
      request.addEventListener("load", function () { answered(request); });
      request.addEventListener("error", function () { stop(words.lost); });
      request.send(new FormData(form));
    }

    input.addEventListener("change", check);
    form.addEventListener("submit", send);
    ["dragenter", "dragover"].forEach(function (name) {
      drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("is-over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.remove("is-over"); });
    });
    drop.addEventListener("drop", function (event) {
      if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; check(); input.focus(); }
    });
  }

  document.querySelectorAll("form[data-upload]").forEach(prepare);
})();
