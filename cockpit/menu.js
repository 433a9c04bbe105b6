// The menu behind three dots.
import { el, icon, new_id } from "./dom.js";

let open_menu = null;

function close_menu(focus) {
    if (!open_menu)
        return;
    const { button, list } = open_menu;

    open_menu = null;
    list.remove();
    button.setAttribute("aria-expanded", "false");
    if (focus)
        button.focus();
}

document.addEventListener("click", event => {
    if (open_menu && !open_menu.list.contains(event.target) && !open_menu.button.contains(event.target))
        close_menu(false);
});

function move(event, list) {
    const items = [...list.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];

    if (event.key === "Escape" || event.key === "Tab") {
        close_menu(true);
        if (event.key === "Escape")
            event.preventDefault();
    } else if (next !== undefined) {
        event.preventDefault();
        items[(next + items.length) % items.length].focus();
    }
}

/* items(): [[name, action, is_danger]], made when it opens. label: for screen readers. */
export function menu(label, items) {
    const button = el("button", { type: "button", class: "button plain", "aria-label": label, "aria-haspopup": "menu",
                                  "aria-expanded": "false", onclick: () => toggle() }, icon("menu"));
    const place = el("div", { class: "menu-place" }, button);

    function toggle() {
        if (open_menu && open_menu.button === button) {
            close_menu(true);
            return;
        }
        close_menu(false);
        const list = el("div", { class: "menu", role: "menu", id: new_id("menu"), onkeydown: event => move(event, list) },
                        items().map(([name, action, is_danger]) =>
                            el("button", { type: "button", role: "menuitem", tabindex: "-1", class: is_danger ? "danger-text" : null,
                                           onclick: () => { close_menu(true); action() } }, name)));

        open_menu = { button, list };
        button.setAttribute("aria-expanded", "true");
        place.append(list);
        list.querySelector("button").focus();
    }
    return place;
}
