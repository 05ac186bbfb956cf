"use strict";
// Sorts and filters the table of students, and adds to it what a large class has too much of for
// opening quickly: the cells of the checks, and the messages. Texts go in by textContent alone.
(() => {
  const STUDENT = 0, STATUS = 1, SCORE = 2, MADE = 3, FIXED = 4; // columns; then the checks
  const STEP = 100; // rows that are shown at first, and added each time
  const ORDER = "nktefp "; // from what needs a look to what does not
  const find = (id) => document.getElementById(id);
  const data = JSON.parse(find("data").textContent);
  const SECONDS = FIXED + data.checks.length;
  const table = find("matrix"), body = table.tBodies[0];
  const { compare } = new Intl.Collator("en", { numeric: true });
  const fields = { search: find("search"), status: find("status"), lost: find("lost"), made: find("made") };

  function make(tag, text, className) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  }

  // What is known of each student, read once.
  const students = [...body.rows].map((row, place) => {
    const text = (column) => row.cells[column].textContent;
    const [signs, warnings, told, again] = data.rows[place];
    return {
      row, place, signs, warnings, told, again, more: null, filled: false,
      name: text(STUDENT), status: text(STATUS), score: text(SCORE), mistakes: text(MADE),
      seconds: text(MADE + 1), made: row.cells[MADE].dataset.made.split(" "),
    };
  });
  const byRow = new Map(students.map((student) => [student.row, student]));
  let order = students, limit = STEP;

  // Rows get their cells and their button when they are shown for the first time.

  const cells = new Map([...ORDER].map((sign) => [sign, make("td", data.signs[sign] ?? "", sign.trim())]));

  function fill(student) {
    const checks = document.createDocumentFragment();
    for (const sign of student.signs) checks.append(cells.get(sign).cloneNode(true));
    student.row.cells[MADE].after(checks);
    const button = make("button", "+", "opener");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-label", `Details of ${student.name}`);
    student.row.cells[STUDENT].prepend(button);
    student.filled = true;
  }

  function matches(student, search, status, lost, made) {
    const sign = lost === "" ? "" : student.signs[Number(lost)];
    return (search === "" || student.name.toLowerCase().includes(search)) &&
      (status === "" || student.status === status) &&
      (lost === "" || (sign !== "p" && sign !== " ")) &&
      (made === "" || student.made.includes(made));
  }

  function render() {
    const wanted = [fields.status.value, fields.lost.value, fields.made.value];
    const search = fields.search.value.trim().toLowerCase();
    const found = order.filter((student) => matches(student, search, ...wanted));
    const shown = found.slice(0, limit), rows = document.createDocumentFragment();
    for (const { row, more } of students) {
      row.hidden = true;
      if (more) more.hidden = true;
    }
    for (const student of shown) {
      if (!student.filled) fill(student);
      for (const row of [student.row, student.more]) {
        if (row) {
          row.hidden = false;
          rows.append(row);
        }
      }
    }
    body.append(rows);
    const count = (number) => number.toLocaleString("en");
    const part = shown.length < found.length ? `; the first ${count(shown.length)} are shown` : "";
    find("shown").textContent = `${count(found.length)} of ${count(students.length)} students${part}`;
    find("rest").hidden = part === "";
  }

  // Sorting: a button in each head; a second press turns the order round.

  function keyOf(student, column) {
    switch (column) {
      case STUDENT: return student.name;
      case STATUS: return student.status;
      case MADE: return student.mistakes;
      case SCORE: return student.score === "" ? -Infinity : Number(student.score);
      case SECONDS: return Number(student.seconds);
      default: return ORDER.indexOf(student.signs[column - FIXED]);
    }
  }

  function sort(head, column) {
    const descending = head.getAttribute("aria-sort") === "ascending";
    for (const each of table.tHead.querySelectorAll("[aria-sort]")) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const turn = descending ? -1 : 1;
    const keyed = students.map((student) => [keyOf(student, column), student]);
    keyed.sort(([a, first], [b, second]) =>
      turn * (typeof a === "string" ? compare(a, b) : a === b ? 0 : a - b) || first.place - second.place);
    order = keyed.map(([, student]) => student);
    render();
  }

  function sortable(head, column) {
    const label = head.querySelector("span");
    const button = make("button", head.textContent, "plain sort");
    button.type = "button";
    button.addEventListener("click", () => sort(head, column));
    label ? label.replaceWith(button) : head.replaceChildren(button);
  }

  const [first, second] = table.tHead.rows;
  const heads = new Map([[SECONDS, first.cells[first.cells.length - 2]]]);
  for (let column = 0; column < FIXED; column += 1) heads.set(column, first.cells[column]);
  [...second.cells].forEach((head, place) => heads.set(FIXED + place, head));
  for (const [column, head] of heads) sortable(head, column);

  // Filters: all of them have to hold.

  function show(name, value) {
    for (const field of Object.values(fields)) field.value = "";
    if (name) fields[name].value = value;
    limit = STEP;
    render();
    if (name) {
      find("students").scrollIntoView();
      fields[name].focus({ preventScroll: true });
    }
  }

  for (const field of Object.values(fields)) {
    field.addEventListener(field === fields.search ? "input" : "change", () => {
      limit = STEP;
      render();
    });
  }
  find("reset").addEventListener("click", () => show());
  find("more").addEventListener("click", () => {
    limit += STEP;
    render();
  });
  document.addEventListener("click", ({ target }) => {
    if (target.dataset.lost !== undefined) show("lost", target.dataset.lost);
    if (target.dataset.showMade !== undefined) show("made", target.dataset.showMade);
  });

  // Details of a student: a row below, with what was lost and why.

  function list(title, items) {
    const whole = make("ul");
    whole.append(...items);
    return items.length ? [make("strong", title), whole] : [];
  }

  function details({ row, signs, warnings, told, again }) {
    const lost = [];
    for (let place = 0; place < told.length; place += 2) {
      const [exercise, name, title] = data.checks[told[place]];
      const item = make("li", `${data.signs[signs[told[place]]]} ${exercise}, ${name}. ${title} `);
      item.append(make("span", data.texts[told[place + 1]], "message"));
      lost.push(item);
    }
    const more = make("tr", undefined, "more"), cell = make("td"), box = make("div");
    cell.colSpan = row.cells.length;
    box.append(...list("Not passed", lost));
    box.append(...list("Warnings", warnings.map((place) => make("li", data.texts[place]))));
    if (!box.firstChild) box.append(make("p", "All checks were passed, without a warning."));
    const command = make("p", "To grade again: ");
    command.append(make("code", again, "command"));
    box.append(command);
    cell.append(box);
    more.append(cell);
    return more;
  }

  body.addEventListener("click", ({ target }) => {
    if (!target.classList.contains("opener")) return;
    const student = byRow.get(target.closest("tr"));
    if (student.more) {
      student.more.remove();
      student.more = null;
    } else {
      student.more = details(student);
      student.row.after(student.more);
    }
    target.setAttribute("aria-expanded", String(student.more !== null));
    target.textContent = student.more ? "−" : "+";
  });

  for (const each of document.querySelectorAll("[data-script]")) each.hidden = false;
  find("tools").hidden = false;
  render();
})();
