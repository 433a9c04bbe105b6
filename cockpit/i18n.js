// Texts in the language of Cockpit. `make update-po` collects what stands in these calls.
const cockpit = window.cockpit;

export const _ = text => cockpit.gettext(text);
export const ngettext = (one, many, count) => cockpit.format(cockpit.ngettext(one, many, count), count);

/* format("$0 of $1", a, b) */
export const format = (text, ...values) => cockpit.format(text, ...values);

/* As browsers name it: pt-br. */
export const language = (cockpit.language || "en").replaceAll("_", "-").toLowerCase();
