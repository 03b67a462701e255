/* The days follow the fields; without it the button 重新计算 does the same. Chrome 78, iOS 12. */
(function () {
  "use strict";

  var form = document.querySelector("[data-plan]");
  var place = form && form.querySelector("[data-days]");
  if (!place || !window.fetch || !window.URLSearchParams) {
    return;
  }
  var names = ["opens_day", "closes_day", "collecting_from", "collecting_until", "screening_until",
    "review_until", "announce_on", "publicity_days", "answer_days", "posting_day_counts"];
  var asked = 0;

  var draw = function () {
    var facts = new URLSearchParams();
    names.forEach(function (name) {
      var field = form.elements[name];
      if (field && field.value && (field.type !== "checkbox" || field.checked)) {
        facts.append(name, field.value);
      }
    });
    asked += 1;
    var mine = asked;
    fetch(place.dataset.days + "?" + facts, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) {
          throw new Error("no days");
        }
        return answer.text();
      })
      .then(function (html) {
        // An answer that was overtaken says nothing any more.
        if (mine === asked) {
          place.innerHTML = html;
        }
      })
      .catch(function () {
        // The button is still there.
      });
  };

  names.forEach(function (name) {
    var field = form.elements[name];
    if (field) {
      field.addEventListener("change", draw);
    }
  });
})();
