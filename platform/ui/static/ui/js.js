/* Runs before the page is drawn: what only works with a script is shown by html.js in the stylesheets. */
document.documentElement.classList.add("js");
try { if (localStorage.getItem("hq-large") === "1") { document.documentElement.classList.add("is-large"); } } catch (e) { /* storage refused: the usual size */ }
