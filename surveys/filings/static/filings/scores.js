/* The self evaluation saves itself: what is entered goes to the server in small batches and is kept in this browser
   until it is there. A lost line, a closed page or a colleague on the same sheet loses nothing. */
(function () {
  "use strict";

  var form = document.querySelector("[data-scores]"), net = window.hqGrid;
  if (!form || !form.dataset.editable) { return; }
  var words = document.querySelector("[data-words]").dataset, shelf = "hq-scores:" + form.dataset.shelf + ":";
  var revision = Number(form.elements.revision.value), server = {}, dirty = {}, parked = {}, flight = null, timer = 0;
  var kept = true, fields = {}, saying = form.querySelector("[data-saying]"), STEP = Number(form.dataset.step);
  var DELAY = 700, AGAIN = 5000;

  each(form.querySelectorAll("[data-item]"), function (box) {
    var item = box.dataset.item;
    fields[item] = {
      box: box, score: box.querySelector("[data-score]"), out: box.querySelector("[data-left-out]"),
      remark: box.querySelector("[data-remark]"), said: box.querySelector("[data-said]")
    };
    server[item] = read(item);
    each(box.querySelectorAll("[data-less], [data-more], [data-full]"), function (button) { button.hidden = false; });
    box.addEventListener("input", function () { changed(item); });
    box.addEventListener("click", function (event) { tapped(item, event.target); });
    look(item);
  });
  each(form.querySelectorAll("[data-plain]"), function (button) { button.hidden = true; });
  form.addEventListener("submit", function (event) { event.preventDefault(); send(); });

  function each(list, what) { Array.prototype.forEach.call(list, what); }
  function read(item) {
    var f = fields[item], applies = !f.out.checked;
    return { text: applies ? f.score.value.trim() : "", applies: applies, remark: f.remark.value.trim() };
  }
  function write(item, state) {
    var f = fields[item];
    if (f.score.value.trim() !== state.text) { f.score.value = state.text; }
    if (f.remark.value.trim() !== state.remark) { f.remark.value = state.remark; }
    f.out.checked = !state.applies;
    look(item);
  }
  function same(one, other) { return one.text === other.text && one.applies === other.applies && one.remark === other.remark; }
  function look(item) {
    var f = fields[item], out = f.out.checked;
    f.box.classList.toggle("is-left-out", out);
    f.box.querySelector("[data-remark-label]").textContent = out ? words.reason : words.optional;
  }
  function say(item, text, kind) {
    var f = fields[item];
    f.box.classList.toggle("is-bad", kind === "bad");
    f.box.classList.toggle("is-clash", kind === "clash");
    f.said.hidden = !text;
    f.said.textContent = text || "";
  }

  function tapped(item, target) {
    var f = fields[item], most = Number(f.box.dataset.points), now = f.score.value.trim() === "" ? null : Number(f.score.value);
    if (target.hasAttribute("data-full")) { now = most; }
    else if (target.hasAttribute("data-less")) { now = (now === null || isNaN(now) ? most : now) - STEP; }
    else if (target.hasAttribute("data-more")) { now = now === null || isNaN(now) ? most : now + STEP; }
    else { return; }
    f.score.value = String(Math.round(Math.min(most, Math.max(0, now)) * 100) / 100);
    changed(item);
  }
  function changed(item) {
    look(item);
    say(item, "");
    var state = read(item), base = dirty[item] ? dirty[item].base : server[item];
    delete parked[item];
    if (same(state, server[item]) && !(flight && flight.edits[item])) { delete dirty[item]; unshelve(item); }
    else { dirty[item] = { state: state, base: base }; keep(item); }
    saying.dataset.state = "waiting";
    clearTimeout(timer);
    timer = setTimeout(send, DELAY);
  }
  function keep(item) {
    try { localStorage.setItem(shelf + item, JSON.stringify(dirty[item])); kept = true; } catch (e) { kept = false; }
  }
  function unshelve(item) {
    try { localStorage.removeItem(shelf + item); } catch (e) { /* nothing was kept there */ }
  }
  /* What an earlier page could not save; what is there by now, or has another shape, is let go. */
  function adopt() {
    each(Object.keys(fields), function (item) {
      var left = null;
      try { left = JSON.parse(localStorage.getItem(shelf + item)); } catch (e) { left = null; }
      if (!left || !shaped(left.state) || !shaped(left.base) || same(left.state, server[item])) { unshelve(item); return; }
      dirty[item] = { state: left.state, base: left.base };
      write(item, left.state);
      if (!same(left.base, server[item])) { clash(item); }
    });
  }
  function shaped(state) {
    return Boolean(state) && typeof state.text === "string" && typeof state.applies === "boolean" && typeof state.remark === "string";
  }

  function waiting() { return Object.keys(dirty).filter(function (item) { return !parked[item]; }); }
  function send() {
    clearTimeout(timer);
    var items = waiting();
    if (flight || !items.length) { tell(); return; }
    flight = { batch: net.number(), revision: revision, edits: {} };
    each(items, function (item) { flight.edits[item] = dirty[item].state; });
    deliver();
  }
  function deliver() {
    tell(words.saving);
    var edits = Object.keys(flight.edits).map(function (item) {
      var state = flight.edits[item];
      return { item: item, text: state.text.slice(0, 40), applies: state.applies, remark: state.remark.slice(0, 500) };
    });
    net.post(form.dataset.save, { batch: flight.batch, revision: flight.revision, edits: edits }).then(answered, offline);
  }
  function answered(answer) {
    var body = answer.body, sent = flight;
    if (answer.login) { offline(null, words.login); return; }
    if (!body || answer.status >= 500) { offline(); return; }
    flight = null;
    trouble("");
    if (answer.status !== 200 && answer.status !== 409) { trouble(body.text || ""); tell(); return; }
    revision = body.revision;
    form.elements.revision.value = revision;
    if (answer.status === 200) { settled(sent, body.refused || {}); }
    meet(body.items);
    sums(body);
    if (waiting().length) { send(); } else { tell(words.saved); }
  }
  /* What was sent is there now, but for what was refused or changed meanwhile. */
  function settled(sent, refused) {
    each(Object.keys(sent.edits), function (item) {
      if (refused[item]) { parked[item] = true; say(item, refused[item], "bad"); return; }
      if (dirty[item] && same(dirty[item].state, sent.edits[item])) { delete dirty[item]; unshelve(item); }
      else if (dirty[item]) { dirty[item].base = sent.edits[item]; keep(item); }
      say(item, "");
    });
  }
  /* The draft as it is: what nobody touches here is shown, what both touched is asked. */
  function meet(items) {
    each(Object.keys(fields), function (item) {
      var there = items[item];
      if (!there) { return; }
      var before = server[item];
      server[item] = there;
      if (!dirty[item]) { if (!same(before, there)) { write(item, there); } return; }
      if (same(dirty[item].state, there)) { delete dirty[item]; delete parked[item]; unshelve(item); say(item, ""); return; }
      if (!same(dirty[item].base, there) && !parked[item]) { clash(item); }
    });
  }
  function named(state) { return state.applies ? [state.text || words.blank, state.remark].filter(Boolean).join(" ") : [words.leftout, state.remark].filter(Boolean).join(" "); }
  function clash(item) {
    var there = server[item], mine = dirty[item].state, f = fields[item];
    parked[item] = true;
    say(item, net.filled(words.clash, { theirs: named(there), mine: named(mine) }), "clash");
    f.said.appendChild(document.createElement("br"));
    choice(f.said, words.mine, function () { dirty[item] = { state: read(item), base: server[item] }; delete parked[item]; keep(item); say(item, ""); send(); });
    choice(f.said, words.theirs, function () { delete dirty[item]; delete parked[item]; unshelve(item); write(item, server[item]); say(item, ""); tell(); });
  }
  function choice(place, label, act) {
    var button = document.createElement("button");
    button.type = "button"; button.className = "btn btn-sm"; button.textContent = label;
    button.addEventListener("click", act);
    place.appendChild(button);
  }
  function offline(error, text) {
    tell(text || (kept ? net.filled(words.kept, { n: Object.keys(dirty).length }) : words.unkept), true);
    clearTimeout(timer);
    timer = setTimeout(deliver, AGAIN);
  }
  window.addEventListener("online", function () { clearTimeout(timer); if (flight) { deliver(); } else { send(); } });
  window.addEventListener("beforeunload", function (event) { if (Object.keys(dirty).length && !kept) { event.preventDefault(); } });

  function tell(text, off) {
    saying.classList.toggle("is-off", Boolean(off));
    saying.dataset.state = off ? "offline" : flight ? "saving" : waiting().length ? "waiting" : "saved";
    if (text !== undefined) { saying.textContent = text; } else if (!waiting().length && !flight) { saying.textContent = words.saved; }
  }
  function trouble(text) {
    var box = form.querySelector("[data-trouble]");
    box.hidden = !text;
    box.textContent = text;
  }
  function sums(body) {
    each(Object.keys(body.all || {}), function (name) {
      var place = form.querySelector('[data-tally="' + name + '"]');
      if (place) { place.textContent = body.all[name]; }
    });
    var bar = form.querySelector(".tally progress");
    if (bar && body.all) { bar.value = body.all.scored; }
    each(Object.keys(body.groups || {}), function (key) {
      var group = form.querySelector('[data-group="' + key + '"]');
      each(["given", "out_of"], function (name) { group.querySelector('[data-sum="' + name + '"]').textContent = body.groups[key][name]; });
    });
    next();
  }

  var button = form.querySelector("[data-next]");
  function open() {
    return Object.keys(fields).filter(function (item) { var s = read(item); return s.applies ? s.text === "" : s.remark === ""; });
  }
  function next() { button.hidden = !open().length; }
  button.addEventListener("click", function () {
    var f = fields[open()[0]];
    if (f) { f.box.scrollIntoView(); (f.out.checked ? f.remark : f.score).focus(); }
  });

  adopt();
  next();
  if (waiting().length) { send(); } else { saying.dataset.state = "saved"; }
})();
