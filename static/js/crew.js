// The calendar's address is selected as soon as it is touched: a long text is hard to mark on a phone.
(function () {
  "use strict";
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-select]")) event.target.select();
  });
})();
