/* Menus are <details data-menu>: close on Escape, on a click elsewhere and when another opens.
   Also the small buttons every page may have: copy, print, large type. */
(function () {
  "use strict";
  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }

  document.addEventListener("click", function (event) {
    all("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    all("details[data-menu][open]").forEach(function (menu) {
      var inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) { menu.querySelector("summary").focus(); }
    });
  });

  function copied(button) {
    var word = button.querySelector("span") || button;
    var before = word.textContent;
    word.textContent = button.dataset.copied || before;
    setTimeout(function () { word.textContent = before; }, 2000);
  }
  all("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) { return; } /* plain http on a host name: the text can be selected instead */
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.dataset.copy).then(function () { copied(button); });
    });
  });
  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  all("[data-large]").forEach(function (button) {
    var root = document.documentElement;
    function show() { button.setAttribute("aria-pressed", String(root.classList.contains("is-large"))); }
    button.hidden = false;
    show();
    button.addEventListener("click", function () {
      var large = root.classList.toggle("is-large");
      try { localStorage.setItem("hq-large", large ? "1" : "0"); } catch (e) { /* only for this page then */ }
      show();
    });
  });

  /* After a failed form the summary has the focus, so that it is read first. */
  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }
})();
