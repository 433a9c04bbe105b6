/*
 * The whole module, from pam_sm_authenticate to pam_sm_close_session, in a
 * scripted host: every one or few bytes of the input are a step. They choose
 * what the host says and calls, in any order, what happens to the machine in
 * between, and which call of the module fails. login.h judges each hook.
 */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "arrival.h"
#include "base/crypto.h"
#include "faults.h"
#include "login.h"
#include "machine.h"
#include "pam_apitoken/handoff_exchange.h"
#include "password.h"

#define STEPS_MAX 48
#define CAPTURES 4 /* the latest, which are used again */
#define RAW_MAX 280

/* The host's end of the module. The child of a fork has its own handle. */
static struct {
	struct login parent, child;
	struct process parent_self, grandparent;
	bool in_child;
	unsigned lines[3]; /* auth, account, session */
	char raw[RAW_MAX + 1];
	struct login_password password;
	uint64_t next_pid;
} host;

static struct login *
current(void)
{
	return host.in_child ? &host.child : &host.parent;
}

static struct process
next_process(void)
{
	struct process process = {host.next_pid, host.next_pid + 7};

	host.next_pid++;
	return process;
}

static void
end_child(void)
{
	if (!host.in_child)
		return;
	fakepam_end(&host.child.pamh);
	host.in_child = false;
	machine.self = host.parent_self;
	machine.parent = host.grandparent;
	machine.parent_alike = false;
}

/* A new connection: another process. The previous one has ended. */
static void
connect_anew(void)
{
	end_child();
	fakepam_end(&host.parent.pamh);
	host.parent.model = (struct login_model){.state = LOGIN_OPEN};
	host.parent_self = next_process();
	machine.first_alive = host.parent_self.pid;
	machine.self = host.parent_self;
	machine.parent = host.grandparent;
	fakepam_set(&host.parent.pamh.user, "alice");
	fakepam_set(&host.parent.pamh.service, "probe");
}

static void
connect_step(struct fuzz_input *input)
{
	(void)input;
	connect_anew();
}

static void
fork_child(struct fuzz_input *input)
{
	(void)input;
	if (host.in_child)
		return;
	fakepam_copy(&host.child.pamh, &host.parent.pamh);
	host.child.model = host.parent.model;
	host.in_child = true;
	machine.parent = host.parent_self;
	machine.parent_alike = true;
	machine.self = next_process();
}

/* The child ends; its environment may be returned. */
static void
join_child(struct fuzz_input *input)
{
	if (!host.in_child)
		return;
	if (fuzz_below(input, 4) > 0)
		fakepam_take_variables(&host.parent.pamh, &host.child.pamh);
	end_child();
}

static void
give_token(struct fuzz_input *input)
{
	password_of_token(&host.password, input);
}

static void
give_password(struct fuzz_input *input)
{
	password_of_user(&host.password, input);
}

/* Calls a hook, with the chosen lines of pam.d. */
static void
call(enum login_hook hook, unsigned line)
{
	struct login_call made = {
	    .hook = hook,
	    .line = &truth_lines[host.lines[line]],
	    .raw = host.raw,
	    .password = &host.password,
	};

	if (login_call(current(), &made))
		return;
	if (host.in_child)
		end_child();
	else
		connect_anew();
}

static void
call_hook(struct fuzz_input *input)
{
	static const unsigned LINES[] = {0, 1, 0, 0, 2, 2};
	unsigned hook = fuzz_below(input, COUNT_OF(LINES));

	call((enum login_hook)hook, LINES[hook]);
}

/* What most hosts do. */
static void
call_all(struct fuzz_input *input)
{
	(void)input;
	call(LOGIN_AUTHENTICATE, 0);
	call(LOGIN_ACCOUNT, 1);
	call(LOGIN_SETCRED, 0);
	call(LOGIN_OPEN_SESSION, 2);
}

static void
choose_line(struct fuzz_input *input)
{
	unsigned which = fuzz_below(input, 4);
	unsigned line = fuzz_below(input, TRUTH_LINES);

	for (unsigned i = 0; i < COUNT_OF(host.lines); i++) {
		if (which == 3 || which == i)
			host.lines[i] = line;
	}
	if (line == TRUTH_LINE_RAW)
		(void)fuzz_text(input, host.raw, sizeof(host.raw));
}

/* Another user, service, host or terminal, known or not. */
static void
set_item(struct fuzz_input *input)
{
	static const char *const NAMES[] = {"alice", "bob", "root", "probe",
	    "imap", "nobody-here", "", "10.1.2.3", "ssh"};
	struct pam_handle *pamh = &current()->pamh;
	struct fakepam_item *const items[] = {
	    &pamh->user, &pamh->service, &pamh->rhost, &pamh->tty};
	unsigned which = fuzz_below(input, COUNT_OF(items));
	unsigned choice = fuzz_below(input, COUNT_OF(NAMES) + 2);
	char text[FAKEPAM_TEXT_MAX + 1];

	if (choice < COUNT_OF(NAMES)) {
		fakepam_set(items[which], NAMES[choice]);
	} else if (choice == COUNT_OF(NAMES)) {
		fakepam_set(items[which], NULL);
	} else {
		(void)fuzz_text(input, text, sizeof(text));
		fakepam_set(items[which], text);
	}
}

static void
set_host(struct fuzz_input *input)
{
	fakepam_set(&current()->pamh.rhost,
	    truth_hosts[fuzz_below(input, TRUTH_HOSTS)].text);
}

static void
revoke(struct record *record)
{
	record->state = RECORD_REVOKED;
}

static void
approve(struct record *record)
{
	record->state = RECORD_ACTIVE;
}

static void
narrow(struct record *record)
{
	strcpy(record->scopes, "read");
}

/* An administrator changes a token. */
static void
change_token(struct fuzz_input *input)
{
	static void (*const CHANGES[])(struct record *) = {
	    revoke, approve, narrow};
	unsigned token = fuzz_below(input, MACHINE_TOKENS);

	machine_change(token, CHANGES[fuzz_below(input, COUNT_OF(CHANGES))]);
}

static void
change_machine(struct fuzz_input *input)
{
	static const int SPANS[] = {1, 59, 600, 601, 86400, -1, -86400, 86401};

	switch (fuzz_below(input, 5)) {
	case 0:
		machine_set_account(fuzz_below(input, MACHINE_ACCOUNTS));
		break;
	case 1:
		machine_set_trouble(fuzz_below(input, MACHINE_TROUBLES));
		break;
	case 2:
		machine.now += SPANS[fuzz_below(input, COUNT_OF(SPANS))];
		break;
	case 3:
		/* From its first instruction on. */
		machine.is_setuid = fuzz_below(input, 2);
		connect_anew();
		break;
	default:
		machine.cannot_confine = fuzz_below(input, 2);
		break;
	}
}

/*
 * What a user may put into his environment: everything he has seen, and more.
 */
static void
forge_proof(struct fuzz_input *input)
{
	const struct arrival_capture *capture = arrival_captured(
	    fuzz_below(input, CAPTURES));
	char text[RAW_MAX + 1];

	strcpy(text, capture->proof);
	switch (fuzz_below(input, 4)) {
	case 0:
		break;
	case 1:
		text[0] = (char)(text[0] == '0' ? '1' : '0');
		break;
	case 2:
		memset(text, 'a', HANDOFF_PROOF_LEN);
		text[HANDOFF_PROOF_LEN] = '\0';
		break;
	default:
		(void)fuzz_text(input, text, sizeof(text));
		break;
	}
	fakepam_putenv(&current()->pamh, HANDOFF_EXCHANGE_VARIABLE,
	    fuzz_below(input, 4) > 0 ? text : NULL);
}

/* A record that is damaged, or meant for another process. */
static void
forge_record(struct fuzz_input *input)
{
	const struct arrival_capture *capture = arrival_captured(
	    fuzz_below(input, CAPTURES));
	unsigned flip = fuzz_below(input, 2);
	uint8_t bytes[MACHINE_FILE_MAX];
	size_t at = fuzz_number(input, 2) % (capture->len + 1);

	memcpy(bytes, capture->bytes, capture->len);
	if (at < capture->len)
		bytes[at] ^= (uint8_t)flip;
	machine_write_handoff(&machine.self, bytes, capture->len);
}

static void
arm_fault(struct fuzz_input *input)
{
	unsigned nth = 1 + (unsigned)fuzz_byte(input);

	faults_arm(nth, fuzz_below(input, 4) == 0);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	FUZZ_REQUIRE(crypto_init(NULL) == ERR_OK);
	machine_make();
	return 0;
}

static void
start(void)
{
	struct fuzz_input none = {NULL, 0};

	machine_reset();
	login_reset();
	faults_disarm();
	memset(host.lines, 0, sizeof(host.lines));
	host.raw[0] = '\0';
	host.next_pid = 100;
	host.grandparent = (struct process){2, 9};
	host.in_child = false;
	connect_anew();
	/* This process exists as long as the machine does. */
	give_token(&none);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const STEPS[])(struct fuzz_input *) = {
	    call_hook,
	    call_hook,
	    call_hook,
	    call_all,
	    give_token,
	    give_token,
	    give_password,
	    choose_line,
	    set_item,
	    set_host,
	    change_token,
	    change_machine,
	    forge_proof,
	    forge_record,
	    arm_fault,
	    connect_step,
	    fork_child,
	    join_child,
	};
	struct fuzz_input input = {data, size};

	start();
	for (unsigned i = 0; i < STEPS_MAX && input.left > 0; i++)
		STEPS[fuzz_below(&input, COUNT_OF(STEPS))](&input);
	end_child();
	fakepam_end(&host.parent.pamh);
	return 0;
}
