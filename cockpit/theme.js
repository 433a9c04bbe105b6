// Light or dark, as the shell says: Cockpit's own pages do the same in cockpit-dark-theme.

const system = window.matchMedia("(prefers-color-scheme: dark)");

function apply(style) {
    const chosen = style || window.localStorage.getItem("shell:style") || "auto";
    const is_dark = chosen === "dark" || (chosen === "auto" && system.matches);

    document.documentElement.classList.toggle("dark", is_dark);
}

export function follow_theme() {
    window.addEventListener("storage", event => {
        if (event.key === "shell:style")
            apply();
    });
    /* Of the shell, when it is switched there. */
    window.addEventListener("cockpit-style", event => apply(event.detail && event.detail.style));
    system.addEventListener("change", () => apply());
    apply();
}
