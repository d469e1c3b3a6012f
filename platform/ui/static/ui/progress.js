/* Follows a job: polls [data-job] and writes step, bar and a live region; goes on to the result when it is done.
   The address answers JSON {state: queued|running|done|failed, value, total, step, note, title, text, url}. */
(function () {
  "use strict";
  /* looked at often as long as somebody is likely to wait for it */
  var FIRST = 700, PATIENT = 60000, LONGEST = 5000;

  function follow(box) {
    var bar = box.querySelector("progress"), step = box.querySelector("[data-job-step]"), note = box.querySelector("[data-job-note]");
    var title = box.querySelector("[data-job-title]"), result = box.querySelector("[data-job-result]"), refresh = box.querySelector("[data-job-refresh]");
    var wait = FIRST, seen = "", began = Date.now();
    var clock = box.querySelector("[data-job-clock]");
    /* a step may take its time: the seconds show that the page has not stopped */
    var ticking = clock && setInterval(function () {
      var over = box.dataset.state === "done" || box.dataset.state === "failed";
      say(clock, over ? "" : clock.dataset.jobClock.replace("{n}", Math.floor((Date.now() - began) / 1000)));
      if (over) { clearInterval(ticking); }
    }, 100);
    if (refresh) { refresh.hidden = true; }

    /* A live region that repeats itself is noise: it speaks only when its words change. */
    function say(node, words) { if (node && words !== undefined && node.textContent !== words) { node.textContent = words; } }
    function show(job) {
      if (job.total) { bar.max = job.total; bar.value = job.value || 0; } else if (job.state === "queued") { bar.removeAttribute("value"); }
      say(step, job.step);
      say(note, job.note);
      if (job.title) { say(title, job.title); }
      box.dataset.state = job.state;
      box.dispatchEvent(new CustomEvent("hq:job", { bubbles: true, detail: job }));
    }
    function end(job) {
      var done = job.state === "done";
      if (done) { bar.max = 100; bar.value = 100; }
      if (done && job.url && box.dataset.stay === undefined) { window.location.assign(job.url); return; }
      var callout = document.createElement("div"), head = document.createElement("strong");
      callout.className = "hq-callout " + (done ? "is-ok" : "is-bad");
      callout.setAttribute("role", done ? "status" : "alert");
      head.textContent = job.title || (done ? box.dataset.done : box.dataset.failed);
      callout.appendChild(head);
      if (job.text) { var text = document.createElement("p"); text.textContent = job.text; callout.appendChild(text); }
      if (job.url) { var link = document.createElement("a"); link.href = job.url; link.textContent = job.link || head.textContent; callout.appendChild(link); }
      result.textContent = "";
      result.appendChild(callout);
      result.hidden = false;
      if (!done) { bar.hidden = true; }
    }
    function poll() {
      fetch(box.dataset.job, { headers: { Accept: "application/json" }, credentials: "same-origin" }).then(function (answer) {
        /* signed out meanwhile: the page itself asks for the sign-in and leads back here */
        if (answer.redirected) { window.location.reload(); return new Promise(function () {}); }
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      }).then(function (job) {
        show(job);
        if (job.state === "done" || job.state === "failed") { end(job); return; }
        var now = job.state + job.value + job.step;
        wait = now === seen && Date.now() - began > PATIENT ? Math.min(wait * 1.3, LONGEST) : FIRST;
        seen = now;
        setTimeout(poll, wait);
      }).catch(function () {
        say(note, box.dataset.lost);
        wait = Math.min(wait * 2, 20000);
        setTimeout(poll, wait);
      });
    }
    setTimeout(poll, 300);
  }

  function begin(root) {
    (root.matches && root.matches("[data-job]") ? [root] : root.querySelectorAll("[data-job]")).forEach(function (box) {
      if (!box.dataset.followed) { box.dataset.followed = "1"; follow(box); }
    });
  }
  begin(document);
  document.addEventListener("htmx:load", function (event) { begin(event.target); });
})();
