/* Says the running count to readers of the screen; the count on the screen is the stylesheet's. On a ballot
   inside a budget it also says the running sum, to everybody. The server checks both again. WeChat of old. */
(function () {
  "use strict";

  var form = document.querySelector("form.ballot");
  var said = form && form.querySelector("[data-said]");
  if (!said) {
    return;
  }
  var spent = form.querySelector(".spent");
  var limit = Number(form.getAttribute("data-limit"));

  var ticked = function () {
    return form.querySelectorAll("input[name=choice]:checked");
  };

  // As figures.exact_budget writes it: nothing is rounded off. Figure and unit stay on one line.
  var money = function (cents) {
    if (cents < 1000000) {
      return (cents % 100 ? (cents / 100).toFixed(2) : cents / 100) + "\u00a0元";
    }
    return (cents / 1000000).toFixed(6).replace(/0{1,4}$/, "") + "\u00a0万元";
  };

  var addUp = function () {
    var boxes = ticked();
    var sum = 0;
    for (var at = 0; at < boxes.length; at += 1) {
      sum += Number(boxes[at].getAttribute("data-cost"));
    }
    var words = spent.getAttribute(sum > limit ? "data-over" : "data-fits");
    spent.className = sum > limit ? "spent too-dear" : "small spent";
    spent.textContent = words
      .replace("{sum}", money(sum))
      .replace("{left}", money(limit - sum))
      .replace("{excess}", money(sum - limit));
  };

  form.addEventListener("change", function () {
    if (spent) {
      addUp();
    }
    said.textContent = said.getAttribute("data-said")
      .replace("{chosen}", String(ticked().length))
      .replace("{spent}", spent ? spent.textContent : "")
      .replace("{most}", form.getAttribute("data-most"));
  });
  if (spent) {
    // Ticks that were kept, by the server or by a browser that goes back.
    addUp();
    window.addEventListener("pageshow", addUp);
  }
})();
