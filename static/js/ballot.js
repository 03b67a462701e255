/* Says the running count to readers of the screen. The count on the screen is the stylesheet's. */
(function () {
  "use strict";

  var form = document.querySelector("form.ballot");
  var said = form && form.querySelector("[data-said]");
  if (!said) {
    return;
  }
  form.addEventListener("change", function () {
    var chosen = form.querySelectorAll("input[name=choice]:checked").length;
    said.textContent = said.dataset.said
      .replace("{chosen}", String(chosen))
      .replace("{most}", form.dataset.most);
  });
})();
