/* Buttons that put an earlier reason into its field: button[data-fill=id][data-text]. Hidden without a script. */
(function () {
  "use strict";
  document.querySelectorAll("button[data-fill]").forEach(function (button) {
    var field = document.getElementById(button.dataset.fill);
    if (!field) { return; }
    button.hidden = false;
    button.addEventListener("click", function () { field.value = button.dataset.text; field.focus(); });
  });
})();
