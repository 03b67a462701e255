/* Small comforts; every page works without them. Written for Chrome 78 and iOS 12. */
(function () {
  "use strict";

  var each = function (selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  };

  // A second tap sends nothing: the server would answer it rightly, but the wait would begin anew.
  // Coming back with the browser's own button makes the form usable again.
  each("form", function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent && form.method === "post") {
        event.preventDefault();
      }
      form.dataset.sent = "yes";
      // A download leaves the page where it is: the form must work again.
      window.setTimeout(function () {
        delete form.dataset.sent;
      }, 8000);
    });
  });
  window.addEventListener("pageshow", function () {
    each("form[data-sent]", function (form) {
      delete form.dataset.sent;
    });
  });

  // The size changes in place, so that ticks and half-written forms stay.
  each("[data-size-form] button", function (button) {
    button.addEventListener("click", function (event) {
      var form = button.form;
      var facts = new FormData(form);
      facts.append(button.name, button.value);
      var request = {
        method: "POST",
        body: new URLSearchParams(facts),
        credentials: "same-origin",
        redirect: "manual",
      };
      event.preventDefault();
      fetch(form.action, request)
        .then(function (answer) {
          if (!answer.ok && answer.type !== "opaqueredirect") {
            throw new Error("the size was not kept");
          }
          document.documentElement.dataset.size = button.value;
          each("[data-size-form] [aria-pressed]", function (other) {
            other.setAttribute("aria-pressed", String(other.value === button.value));
          });
        })
        .catch(function () {
          var size = document.createElement("input");
          size.type = "hidden";
          size.name = button.name;
          size.value = button.value;
          form.appendChild(size);
          form.submit();
        });
    });
  });

  each("[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });

  // WeChat has no voice of its own on many phones: the button appears only where there is one.
  each("[data-speak]", function (button) {
    if (!window.speechSynthesis || !window.SpeechSynthesisUtterance) {
      return;
    }
    button.hidden = false;
    button.addEventListener("click", function () {
      if (window.speechSynthesis.speaking) {
        window.speechSynthesis.cancel();
        return;
      }
      var words = new window.SpeechSynthesisUtterance(document.getElementById("main").innerText);
      words.lang = "zh-CN";
      words.rate = 0.9;
      window.speechSynthesis.speak(words);
    });
  });

  var first = document.querySelector("[data-focus]");
  if (first) {
    first.focus();
  }
})();
