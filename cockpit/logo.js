// Logos: what a chosen file is, by its bytes; small enough to be sent; and shown, as a blob: of that type.
import { _, format } from "./i18n.js";
import { el } from "./dom.js";

const BYTES_MAX = 65536; /* of what is sent, as tokenadm has it */
const SIDE_MAX = 256; /* pixels; it is shown with 64 */
const FILE_MAX = 24 * 1024 * 1024;
const PIXELS_MAX = 50e6; /* of what is decoded: a small file may unpack into all memory */

const has = (bytes, text, at = 0) => [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

/* PNG (IHDR), JPEG (the first SOF), WebP (VP8, VP8L, VP8X): { type, width, height }, or null. */
function png_head(bytes, view) {
    if (!has(bytes, "\x89PNG\r\n\x1a\n") || !has(bytes, "IHDR", 12) || bytes.length < 24)
        return null;
    return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

function jpeg_head(bytes, view) {
    if (!has(bytes, "\xff\xd8\xff"))
        return null;
    for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
        const marker = bytes[at + 1];

        if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
            return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    return null;
}

function webp_head(bytes, view) {
    const head = (width, height) => ({ type: "image/webp", width, height });

    if (!has(bytes, "RIFF") || !has(bytes, "WEBP", 8) || bytes.length < 30)
        return null;
    if (has(bytes, "VP8X", 12))
        return head(1 + (view.getUint32(24, true) & 0xffffff), 1 + (view.getUint32(26, true) >>> 8));
    if (has(bytes, "VP8L", 12)) {
        const bits = view.getUint32(21, true);

        return head(1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff));
    }
    return has(bytes, "VP8 ", 12) ? head(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff) : null;
}

export function image_head(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

    return png_head(bytes, view) || jpeg_head(bytes, view) || webp_head(bytes, view);
}

/* A sentence that says why not, or null. */
function refusal(file, head) {
    if (file.size > FILE_MAX)
        return format(_("“$0” is larger than $1 MB: choose a smaller picture."), file.name, FILE_MAX / 1024 / 1024);
    if (!head)
        return format(_("“$0” is no PNG, JPEG or WebP picture, whatever its name says: choose one of these. An SVG has to be exported as PNG."), file.name);
    if (head.width * head.height > PIXELS_MAX)
        return format(_("“$0” has $1 × $2 points, which is too many: choose a smaller picture."), file.name, head.width, head.height);
    return null;
}

const blob_of = (canvas, type, quality) => new Promise(resolve => canvas.toBlob(resolve, type, quality));

/* The first that is small enough. */
async function encode(bitmap) {
    const tries = [["image/png", 1], ["image/webp", 0.9], ["image/jpeg", 0.85], ["image/jpeg", 0.6]];

    for (const side of [SIDE_MAX, SIDE_MAX / 2]) {
        const scale = Math.min(1, side / bitmap.width, side / bitmap.height);
        const canvas = el("canvas", { width: Math.max(1, Math.round(bitmap.width * scale)),
                                      height: Math.max(1, Math.round(bitmap.height * scale)) });

        canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        for (const [type, quality] of tries) {
            const blob = await blob_of(canvas, type, quality);

            if (blob && blob.type === type && blob.size <= BYTES_MAX)
                return new Uint8Array(await blob.arrayBuffer());
        }
    }
    return null;
}

/* { bytes } of what can be sent as a logo, or { error }: a sentence. What else the file holds, as a place, is left out. */
export async function read_logo(file) {
    const head = file.size > FILE_MAX ? null : image_head(new Uint8Array(await file.slice(0, 262144).arrayBuffer()));
    const error = refusal(file, head);

    if (error)
        return { error };
    try {
        const bitmap = await window.createImageBitmap(new Blob([file], { type: head.type }));
        const bytes = await encode(bitmap);

        bitmap.close();
        if (bytes)
            return { bytes };
    } catch {
        /* It only begins as a picture. */
    }
    return { error: format(_("“$0” cannot be read as a picture: it is damaged. Choose another one."), file.name) };
}

/* <img>, or null if that is no picture. */
export function logo_image(bytes) {
    const head = image_head(bytes);

    if (!head)
        return null;
    const url = URL.createObjectURL(new Blob([bytes], { type: head.type }));

    return el("img", { class: "logo", src: url, alt: "", onload: () => URL.revokeObjectURL(url),
                       onerror: event => { URL.revokeObjectURL(url); event.target.remove() } });
}

/* Logos of tokens, fetched when they are seen, few at a time, and once. */
export class Logos {
    constructor(tokenadm) {
        this.tokenadm = tokenadm;
        this.known = new Map();
        this.waiting = [];
        this.running = 0;
    }

    /* An element in which the logo appears; empty if there is none. */
    place(token, big = false) {
        const place = el("span", { class: big ? "logo-place big" : "logo-place" });

        if (token.logo)
            this.get(token).then(bytes => { const image = bytes && logo_image(bytes); if (image) place.append(image) });
        return place;
    }

    get(token) {
        const key = `${token.id} ${token.changed}`;

        if (!this.known.has(key))
            this.known.set(key, new Promise(resolve => { this.waiting.push({ token, resolve }); this.next() }));
        return this.known.get(key);
    }

    next() {
        if (this.running === 2 || this.waiting.length === 0)
            return;
        const { token, resolve } = this.waiting.shift();

        this.running++;
        this.tokenadm.logo(token.id).catch(() => null).then(bytes => {
            resolve(bytes);
            this.running--;
            this.next();
        });
    }
}

/* Chooses a logo: value is null (as it is), "none", or bytes. */
export class LogoChooser {
    constructor(current = null) {
        this.value = null;
        this.preview = el("span", { class: "logo-place big" });
        this.error = null;
        this.file = el("input", { type: "file", accept: "image/png,image/jpeg,image/webp", class: "file",
                                  "aria-label": _("Logo"), onchange: () => this.take() });
        this.clear = el("button", { type: "button", class: "button link", hidden: !current, onclick: () => this.remove() },
                        _("Remove"));
        if (current)
            this.preview.append(current);
        this.element = el("div", { class: "logo-chooser" }, this.preview, this.file, this.clear);
    }

    /* field: the one of the form that shows errors. */
    async take() {
        const file = this.file.files[0];

        if (!file)
            return;
        this.field.clear();
        const { bytes, error } = await read_logo(file);

        if (error) {
            this.file.value = "";
            this.field.refuse(error);
            return;
        }
        this.set(bytes);
    }

    set(bytes) {
        this.value = bytes;
        this.preview.replaceChildren(logo_image(bytes) || "");
        this.clear.hidden = false;
    }

    remove() {
        this.value = "none";
        this.file.value = "";
        this.preview.replaceChildren();
        this.clear.hidden = true;
        this.file.focus();
    }

    /* Bytes to send, or null. */
    bytes() {
        return this.value === "none" ? null : this.value;
    }
}
