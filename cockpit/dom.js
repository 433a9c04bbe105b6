// Elements, made of text and of other elements, never of HTML: nothing that tokenadm says becomes markup.

const SVG = "http://www.w3.org/2000/svg";

function set(element, name, value) {
    if (value === null || value === undefined || value === false)
        return;
    if (typeof value === "function")
        element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled")
        element[name] = value;
    else
        element.setAttribute(name, value === true ? "" : value);
}

/*
 * el("button", { class: "primary", onclick: save }, "Save"): attributes that are null, undefined or false are left
 * out, functions are listeners. Children are elements, texts, or arrays of them; null is none.
 */
export function el(tag, attributes, ...children) {
    const element = document.createElement(tag);

    for (const name in attributes)
        set(element, name, attributes[name]);
    element.append(...children.flat(2).filter(child => child !== null && child !== undefined && child !== false));
    return element;
}

/* Puts these in the place of all that was in it. */
export function fill(element, ...children) {
    element.replaceChildren(...children.flat(2).filter(child => child !== null && child !== undefined && child !== false));
    return element;
}

let last_id = 0;

/* An id that no other element has. */
export function new_id(what) {
    last_id++;
    return `${what}-${last_id}`;
}

const SHAPES = {
    search: "M11 2a7 7 0 1 0 4.2 12.6l5.1 5.1 1.4-1.4-5.1-5.1A7 7 0 0 0 11 2zm0 2a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
    menu: "M12 3a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm0 7a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm0 7a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
    key: "M15 2a7 7 0 0 0-6.7 9L2 17.300V22h5v-3h3v-3h2.200l.9-.9A7 7 0 1 0 15 2zm2 3.500a1.800 1.800 0 1 1 0 3.600 1.800 1.800 0 0 1 0-3.600z",
    error: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1 5h2v7h-2zm0 9h2v2h-2z",
    warning: "M12 2 1 21h22zm-1 7h2v6h-2zm0 8h2v2h-2z",
    info: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1 5h2v2h-2zm0 4h2v7h-2z",
    ok: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.500 14.500L6 12l1.500-1.500 3 3 6-6L18 9z",
    lock: "M12 1a5 5 0 0 0-5 5v3H5v13h14V9h-2V6a5 5 0 0 0-5-5zm0 2a3 3 0 0 1 3 3v3H9V6a3 3 0 0 1 3-3z",
    close: "M5.500 4 4 5.500 10.500 12 4 18.500 5.500 20l6.500-6.500 6.500 6.500 1.500-1.500-6.500-6.500L20 5.500 18.500 4 12 10.500z",
};

/* A picture beside a text: screen readers pass over it. */
export function icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");

    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", `icon icon-${name}`);
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", SHAPES[name]);
    svg.append(path);
    return svg;
}
