/* Picture or table of a figure. Which one is shown stands in data-show; the stylesheet does the rest. */
(function () {
  "use strict";
  document.querySelectorAll(".hq-figure").forEach(function (figure) {
    var buttons = figure.querySelectorAll(".hq-toggle button");
    buttons.forEach(function (button) {
      button.addEventListener("click", function () {
        figure.dataset.show = button.dataset.show;
        buttons.forEach(function (other) { other.setAttribute("aria-pressed", String(other === button)); });
        figure.dispatchEvent(new CustomEvent("hq:shown", { bubbles: true }));
      });
    });
  });
})();
