/* Keys, mouse and clipboard of the grid on a wide screen: what a hand knows from a spreadsheet. */
(function () {
  "use strict";

  var grid = window.hqGrid, Table = grid.Table;

  Table.prototype.listen = function () {
    var table = this, box = this.box;
    box.addEventListener("keydown", function (event) { table.key(event); });
    box.addEventListener("mousedown", function (event) { table.press(event); });
    box.addEventListener("mouseover", function (event) {
      var spot = table.spotOf(event.target);
      if (table.dragging && spot && event.buttons === 1) { table.move(spot.r, spot.c, true); }
    });
    document.addEventListener("mouseup", function () { table.dragging = false; });
    box.addEventListener("dblclick", function (event) { if (table.spotOf(event.target)) { table.open(true); } });
    box.addEventListener("focusin", function (event) {
      var spot = table.spotOf(event.target);
      table.leaving = false;
      if (spot && !table.input && (spot.r !== table.at.r || spot.c !== table.at.c)) { table.move(spot.r, spot.c); }
    });
    // what no key announces: an input method, a panel of signs, a spoken word, the first sign of any of them included
    ["compositionstart", "input"].forEach(function (name) {
      table.field.addEventListener(name, function () { table.open(false); });
    });
    table.field.addEventListener("blur", function () { table.close(true, true); });
    box.addEventListener("copy", function (event) { table.copy(event, false); });
    box.addEventListener("cut", function (event) { table.copy(event, true); });
    box.addEventListener("paste", function (event) {
      if (table.input) { return; }
      event.preventDefault();
      table.tell("paste", event.clipboardData.getData("text/plain"));
    });
  };
  Table.prototype.spotOf = function (target) {
    var element = target.closest ? target.closest("[data-r]") : null;
    return element ? { r: Number(element.dataset.r), c: Number(element.dataset.c) } : null;
  };
  Table.prototype.press = function (event) {
    var spot = this.spotOf(event.target);
    if (!spot || event.button || (this.input && event.target === this.input)) { return; }
    event.preventDefault();
    if (this.input) { this.close(true); }
    this.dragging = true;
    this.move(spot.r, spot.c, event.shiftKey);
  };

  Table.prototype.key = function (event) {
    if (this.input) { this.keyInside(event); return; }
    if (!this.spotOf(event.target)) { return; }
    var control = event.ctrlKey || event.metaKey, name = event.key;
    var done = control ? this.keyWithControl(name.toLowerCase(), event) : event.altKey ? false : this.keyAlone(name, event);
    if (done) { event.preventDefault(); }
  };
  Table.prototype.keyWithControl = function (name, event) {
    var last = this.look.rows.length - 1, end = this.columns.length - 1;
    if (name === "z") { this.tell(event.shiftKey ? "redo" : "undo"); return true; }
    if (name === "y") { this.tell("redo"); return true; }
    if (name === "e") { this.tell("estimate", this.flat()); return true; }
    if (name === "d") { this.fill(); return true; }
    if (name === "a") { this.from = { r: 0, c: 0 }; this.move(last, end, true); return true; }
    if (name === "home") { this.move(0, 0, event.shiftKey); return true; }
    if (name === "end") { this.move(last, end, event.shiftKey); return true; }
    if (name.indexOf("arrow") === 0) {
      this.move(name === "arrowup" ? 0 : name === "arrowdown" ? last : this.at.r, name === "arrowleft" ? 0 : name === "arrowright" ? end : this.at.c, event.shiftKey);
      return true;
    }
    return false;
  };
  Table.prototype.keyAlone = function (name, event) {
    var r = this.at.r, c = this.at.c, wider = event.shiftKey, last = this.look.rows.length - 1, end = this.columns.length - 1;
    var steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (steps[name]) { this.move(r + steps[name][0], c + steps[name][1], wider); return true; }
    if (name === "Home") { this.move(r, 0, wider); return true; }
    if (name === "End") { this.move(r, end, wider); return true; }
    if (name === "PageUp") { this.move(0, c, wider); return true; }
    if (name === "PageDown") { this.move(last, c, wider); return true; }
    if (name === "Tab") { return this.tab(event.shiftKey); }
    if (name === "Enter") { this.down(event.shiftKey ? -1 : 1); return true; }
    if (name === "F2") { this.open(true); return true; }
    if (name === "Delete" || name === "Backspace") { this.clear(); return true; }
    if (name === "Escape") { this.escape(); return true; }
    // a letter, or the first key of an input method: the field opens and the key falls into it
    if (name.length === 1 || name === "Process" || event.keyCode === 229) { this.open(false); }
    return false;
  };
  Table.prototype.escape = function () {
    if (this.from.r !== this.at.r || this.from.c !== this.at.c) { this.move(this.at.r, this.at.c); return; }
    this.leaving = true;
    this.tell("say", this.look.words.leaving);
  };
  /* The next cell, at the end of a row the next row; outside the grid at its corners and after Escape. */
  Table.prototype.tab = function (back) {
    var r = this.at.r, c = this.at.c + (back ? -1 : 1);
    if (this.leaving) { return false; }
    if (c >= this.columns.length) { r += 1; c = 0; }
    if (c < 0) { r -= 1; c = this.columns.length - 1; }
    if (r < 0 || r >= this.look.rows.length) { return false; }
    this.move(r, c);
    return true;
  };
  /* Enter goes down; at the foot of a column to the head of the next. */
  Table.prototype.down = function (step) {
    var r = this.at.r + step, c = this.at.c;
    if (r >= this.look.rows.length && c < this.columns.length - 1) { r = 0; c += 1; }
    this.move(r, c);
  };
  Table.prototype.flat = function () { return Array.prototype.concat.apply([], this.names()); };
  Table.prototype.clear = function () {
    this.tell("change", this.flat().map(function (at) { return { at: at, text: "" }; }));
  };
  /* The first row of the block into those below; a block of one row takes the cell above. */
  Table.prototype.fill = function () {
    var names = this.names(), model = this.model, table = this, list = [];
    if (names.length === 1) {
      if (this.at.r === 0) { return; }
      var block = this.block();
      names.unshift(names[0].map(function (at, n) { return table.name(block.top - 1, block.left + n); }));
    }
    names.slice(1).forEach(function (line) {
      line.forEach(function (at, n) {
        var above = model.content(names[0][n]);
        list.push({ at: at, text: above.text, flag: above.flag, reason: above.reason });
      });
    });
    this.tell("change", list);
  };

  /* The field is seen. With `whole` it begins with what stands there, else with what is typed. */
  Table.prototype.open = function (whole) {
    if (this.input || !this.columns.length || !this.field.parentNode) { return; }
    var input = this.input = this.field, content = this.model.content(this.current());
    this.whole = whole; this.began = whole ? content.text || content.reason || "" : null;
    input.parentNode.classList.add("is-open");
    this.nameField();
    if (whole) { input.value = this.began; }
    input.focus({ preventScroll: true });
    if (whole) { input.select(); }
  };
  Table.prototype.close = function (keep, left) {
    var input = this.input, at = this.current();
    if (!input) { return; }
    this.input = null;
    var text = input.value.trim();
    input.value = "";
    input.parentNode.classList.remove("is-open");
    this.paint([at]);
    if (!left) { input.focus({ preventScroll: true }); }
    // opened by a key that brought no sign: nothing was typed, and what stands there stays
    if (keep && text !== this.began && (text || this.began !== null)) { this.tell("change", [{ at: at, text: text }]); }
  };
  /* What stands in the open field, before the page goes away. */
  Table.prototype.finish = function () {
    if (this.input && this.input.value.trim() !== this.began && this.input.value.trim()) { this.close(true, true); }
  };
  Table.prototype.keyInside = function (event) {
    if (event.isComposing || event.keyCode === 229) { return; }
    var name = event.key, arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (name === "Escape") { this.close(false); }
    else if (name === "Enter") { this.close(true); this.down(event.shiftKey ? -1 : 1); }
    else if (name === "Tab") { this.close(true); if (!this.tab(event.shiftKey)) { return; } }
    else if (arrows[name] && (!this.whole || name === "ArrowUp" || name === "ArrowDown")) {
      this.close(true);
      this.move(this.at.r + arrows[name][0], this.at.c + arrows[name][1]);
    } else if (name === "F2") { this.whole = true; }
    else { return; }
    event.preventDefault();
    event.stopPropagation();
  };

  Table.prototype.copy = function (event, cut) {
    var model = this.model, words = this.look.words;
    if (this.input || !this.spotOf(event.target)) { return; }
    event.preventDefault();
    var lines = this.names().map(function (line) {
      return line.map(function (at) {
        var content = model.content(at);
        return content.text || content.reason || (content.flag === "not_applicable" ? model.data.none_word : "");
      }).join("\t");
    });
    event.clipboardData.setData("text/plain", lines.join("\r\n"));
    this.tell("say", grid.filled(words.copied, { n: this.flat().length }));
    if (cut) { this.clear(); }
  };
})();
