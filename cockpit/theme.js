// Light or dark, as the shell says: Cockpit's own pages do the same in cockpit-dark-theme. And round, where they are.

const system = window.matchMedia("(prefers-color-scheme: dark)");

function apply(style) {
    const chosen = style || window.localStorage.getItem("shell:style") || "auto";
    const is_dark = chosen === "dark" || (chosen === "auto" && system.matches);

    document.documentElement.classList.toggle("dark", is_dark);
}

/* Only the shell has PatternFly's properties: those of 6, whose corners are round, have other names than those of 4. */
function is_round() {
    try {
        return getComputedStyle(window.parent.document.documentElement)
                .getPropertyValue("--pf-t--global--border--radius--small") !== "";
    } catch {
        return false;
    }
}

export function follow_theme() {
    document.documentElement.classList.toggle("round", is_round());
    window.addEventListener("storage", event => {
        if (event.key === "shell:style")
            apply();
    });
    /* Of the shell, when it is switched there. */
    window.addEventListener("cockpit-style", event => apply(event.detail && event.detail.style));
    system.addEventListener("change", () => apply());
    apply();
}
