// The only file that runs a command: tokenadm, as the user, or as root with administrative access.
import { Failure, failure_of } from "./failure.js";

const cockpit = window.cockpit;
/* Of the page's own choice: what it shows must not depend on the session's. */
const ENVIRONMENT = ["LC_ALL=C.UTF-8", "PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"];
/* Bytes in one message. */
const BLOCK = 65536;

function joined(pieces) {
    const all = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
    let at = 0;

    for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
    }
    return all;
}

function send(channel, input) {
    for (let at = 0; at < input.length; at += BLOCK)
        channel.send(input.subarray(at, at + BLOCK));
    channel.control({ command: "done" });
}

/*
 * Runs it; take(bytes) gets its output as it comes. Returns { done, stop() }: done is a promise that fails with a
 * Failure. It is not cockpit.spawn(), which takes one whose exit status Cockpit has lost for one that has succeeded.
 */
function start(argv, { admin = false, input = null, take }) {
    const text = new TextDecoder();
    const channel = cockpit.channel({
        payload: "stream",
        spawn: ["tokenadm", ...argv],
        binary: true,
        environ: ENVIRONMENT,
        err: "message",
        superuser: admin ? "require" : null,
    });
    let said = "";

    channel.addEventListener("message", (event, bytes) => {
        /* A failure is the last line, and short. */
        said = (said + text.decode(bytes, { stream: true })).slice(-8192);
        take(bytes);
    });
    send(channel, input || new Uint8Array(0));
    return {
        done: new Promise((resolve, reject) => {
            channel.addEventListener("close", (event, end) => {
                if (!end.problem && end["exit-status"] === 0)
                    resolve();
                else
                    reject(failure_of(end, said));
            });
        }),
        stop: () => { if (channel.valid) channel.close("cancelled") },
    };
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        throw new Failure("page_rubbish", "");
    }
}

const is_text = value => typeof value === "string";

/* A token with all that is shown of it, or rubbish. */
function checked(token) {
    const is_token = token && [token.id, token.user, token.name, token.state].every(is_text) &&
        [token.services, token.scopes, token.from].every(list => Array.isArray(list) && list.every(is_text));

    if (!is_token)
        throw new Failure("page_rubbish", "");
    return token;
}

function checked_event(event) {
    if (!event || !is_text(event.event))
        throw new Failure("page_rubbish", "");
    if (event.token !== undefined)
        checked(event.token);
    return event;
}

const options_of = options => Object.entries(options)
        .filter(([, value]) => value !== null && value !== undefined && value !== false)
        .map(([name, value]) => value === true ? `--${name}` : `--${name}=${value}`);

/* The line with the password comes first. */
function input_of({ password = null, logo = null }) {
    const pieces = [];

    if (password !== null)
        pieces.push(new TextEncoder().encode(password + "\n"));
    if (logo !== null)
        pieces.push(logo);
    return joined(pieces);
}

/* Of one that ends before it has read its input, Cockpit loses what it says: 287 as if the session had ended. */
const is_lost = failure => failure.code === "page_ended" || failure.code === "page_silent";

const is_session_alive = () => start(["--version"], { take: () => null }).done
        .then(() => true, failure => failure.code !== "page_ended");

/* tokenadm for one kind of caller. Each command can be stopped by an AbortSignal. */
export class Tokenadm {
    constructor(is_admin) {
        this.is_admin = is_admin;
    }

    /* The output's bytes. */
    async bytes(argv, { input, signal } = {}) {
        const pieces = [];
        const run = start(argv, { admin: this.is_admin, input, take: bytes => pieces.push(bytes) });

        if (signal)
            signal.addEventListener("abort", run.stop, { once: true });
        try {
            await run.done;
        } catch (failure) {
            if (!is_lost(failure) || !input || input.length === 0 || !await is_session_alive())
                throw failure;
            /* It says that again. */
            return this.bytes(argv, { signal });
        }
        return joined(pieces);
    }

    async text(argv, how) {
        return new TextDecoder().decode(await this.bytes(argv, how));
    }

    async json(argv, how) {
        return parsed(await this.text(argv, how));
    }

    /*
     * Calls take(event) for each event of `list --follow`, until it is stopped. Returns { done, stop() }.
     */
    follow(take, query = []) {
        return this.lines(["list", "--follow", "--json", ...query], line => {
            const event = parsed(line);

            /* The last line of one that has failed is told when it ends. */
            if (!event || !is_text(event.code))
                take(checked_event(event));
        });
    }

    lines(argv, take) {
        const text = new TextDecoder();
        let rest = "", broken = null;
        const run = start(argv, {
            admin: this.is_admin,
            take: bytes => {
                if (broken)
                    return;
                const lines = (rest + text.decode(bytes, { stream: true })).split("\n");
                rest = lines.pop();
                try {
                    lines.filter(line => line !== "").forEach(take);
                } catch (error) {
                    broken = error;
                    run.stop();
                }
            },
        });

        return {
            done: run.done.then(() => { if (broken) throw broken }, error => { throw broken || error }),
            stop: run.stop,
        };
    }

    /* Once, for a tokenadm that does not know --follow. */
    async list(signal) {
        const answer = await this.json(["list", "--json"], { signal });

        if (!Array.isArray(answer.tokens))
            throw new Failure("page_rubbish", "");
        return answer.tokens.map(checked);
    }

    async show(id) {
        const answer = await this.json(["show", "--json", "--", id]);

        return checked(answer.tokens && answer.tokens[0]);
    }

    /* What may be issued, and to whom: null if tokenadm cannot tell. */
    async offer(user) {
        try {
            return await this.json(["offer", "--json", ...options_of({ user })]);
        } catch (failure) {
            if (failure.code === "page_old" || failure.code === "usage")
                return null;
            throw failure;
        }
    }

    /* { id, token, howto }; options are those of the command. secrets: { password, logo } */
    issue(options, secrets, signal) {
        return this.json(["issue", "--json", ...options_of({ ...options, logo: secrets.logo ? "-" : null })],
                         { input: input_of(secrets), signal });
    }

    /* logo: null leaves it, "none" takes it away. */
    edit(id, options, secrets, signal) {
        const logo = secrets.logo === "none" ? "none" : secrets.logo ? "-" : null;

        return this.text(["edit", "--json", ...options_of({ ...options, logo }), "--", id],
                         { input: input_of({ ...secrets, logo: logo === "-" ? secrets.logo : null }), signal });
    }

    rotate(id, overlap, secrets, signal) {
        return this.json(["rotate", "--json", ...options_of({ overlap }), "--", id], { input: input_of(secrets), signal });
    }

    revoke(ids, options, signal) {
        return this.text(["revoke", "--json", ...options_of(options), "--", ...ids], { signal });
    }

    approve(ids, secrets, signal) {
        return this.text(["approve", "--json", "--", ...ids], { input: input_of(secrets), signal });
    }

    remove(ids, signal) {
        return this.text(["delete", "--json", "--yes", "--", ...ids], { signal });
    }

    async sessions() {
        return (await this.json(["sessions", "--json"])).sessions;
    }

    logo(id) {
        return this.bytes(["show", "--logo", "--", id]);
    }

    /* It exits with 1 if anything is wrong: the answer counts. */
    async doctor(signal) {
        const pieces = [];
        const run = start(["doctor", "--json"], { admin: this.is_admin, take: bytes => pieces.push(bytes) });

        if (signal)
            signal.addEventListener("abort", run.stop, { once: true });
        try {
            await run.done;
        } catch (failure) {
            if (failure.code !== "page_other" || pieces.length === 0)
                throw failure;
        }
        return parsed(new TextDecoder().decode(joined(pieces)));
    }
}
