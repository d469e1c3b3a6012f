/* Dangerous buttons are <details data-confirm> that name the effect: with a script, "no" closes them again. */
(function () {
  "use strict";
  document.querySelectorAll("details[data-confirm]").forEach(function (box) {
    var no = box.querySelector("[data-confirm-no]");
    var first = box.querySelector("button[type=submit]");
    function close() {
      box.open = false;
      box.querySelector("summary").focus();
    }
    if (no) {
      no.hidden = false;
      no.addEventListener("click", close);
    }
    box.addEventListener("toggle", function () { if (box.open && first) { first.focus(); } });
    box.addEventListener("keydown", function (event) { if (event.key === "Escape" && box.open) { close(); } });
  });
})();
