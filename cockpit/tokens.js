// The tokens, as tokenadm follows them: kept up to date as long as the page is seen.
const cockpit = window.cockpit;
const PAUSE_MIN = 1000, PAUSE_MAX = 30000; /* milliseconds, before tokenadm is started again */

/* For who measures how long the page takes beside tokenadm. */
export function mark(name) {
    if (performance.getEntriesByName(name).length === 0)
        performance.mark(name);
}

export class Tokens {
    /* changed() is called when something is different; it may ask for everything below. */
    constructor(tokenadm, changed) {
        this.tokenadm = tokenadm;
        this.changed = changed;
        this.by_id = new Map();
        this.is_ready = false; /* all that there were at first */
        this.is_live = true; /* changes come by themselves */
        this.failure = null;
        this.pause = PAUSE_MIN;
        this.on_visibility = () => cockpit.hidden ? this.rest() : this.start();
        cockpit.addEventListener("visibilitychange", this.on_visibility);
    }

    /* What has come is shown at once; once it was ready, the old list stays until the new one is there. */
    start() {
        if (this.run)
            return;
        const fresh = this.is_ready ? new Map() : this.by_id;

        window.clearTimeout(this.timer);
        this.run = this.tokenadm.follow(event => this.take(event, fresh));
        const run = this.run;

        run.done.then(() => this.ended(run, null), failure => this.ended(run, failure));
    }

    take(event, fresh) {
        mark("first-line");
        if (event.event === "token" || event.event === "changed")
            (this.is_current(fresh) ? this.by_id : fresh).set(event.token.id, event.token);
        else if (event.event === "removed")
            this.by_id.delete(event.id);
        else if (event.event === "ready")
            this.become_ready(fresh);
        this.changed();
    }

    is_current(fresh) {
        return fresh === this.by_id;
    }

    become_ready(fresh) {
        this.by_id = fresh;
        this.is_ready = true;
        this.failure = null;
        this.pause = PAUSE_MIN;
    }

    ended(run, failure) {
        if (this.run !== run)
            return;
        this.run = null;
        if (failure && (failure.code === "page_old" || (failure.code === "usage" && !this.is_ready))) {
            this.is_live = false;
            this.load();
            return;
        }
        this.failure = failure;
        /* What it said before it failed is no list. */
        if (failure && !this.is_ready)
            this.by_id.clear();
        this.changed();
        if (this.is_ready && !this.is_stopped)
            this.timer = window.setTimeout(() => this.start(), this.pause);
        this.pause = Math.min(2 * this.pause, PAUSE_MAX);
    }

    /* All of it, once. */
    async load() {
        try {
            const all = await this.tokenadm.list();

            this.by_id = new Map(all.map(token => [token.id, token]));
            this.failure = null;
            this.is_ready = true;
        } catch (failure) {
            this.failure = failure;
        }
        this.changed();
    }

    /* By hand, and after a change where none come by themselves. */
    refresh() {
        if (!this.is_live)
            return this.load();
        this.failure = null;
        this.start();
        this.changed();
        return null;
    }

    rest() {
        const run = this.run;

        this.run = null;
        window.clearTimeout(this.timer);
        if (run)
            run.stop();
    }

    stop() {
        this.is_stopped = true;
        cockpit.removeEventListener("visibilitychange", this.on_visibility);
        this.rest();
    }
}
