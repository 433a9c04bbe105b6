#include "forgery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE "APITOKEN_HANDOFF"

struct handoff forgery_sent;
struct process forgery_self;

void
forgery_start(struct host *host)
{
	host_start(host, ALICE, NULL);
	forgery_self = forked_self();
	forked_make(&forgery_sent);
	forked_put_record(host, &forgery_sent, &forgery_self);
	forked_put_proof(host, &forgery_sent, &forgery_self);
}

/* Changes of the proof. */

static void
proof_unset(struct host *host)
{
	forked_putenv(host, VARIABLE);
}

static void
set_proof(struct host *host, const char *value)
{
	char text[512];

	(void)snprintf(text, sizeof(text), VARIABLE "=%s", value);
	forked_putenv(host, text);
}

static void
proof_empty(struct host *host)
{
	set_proof(host, "");
}

static void
proof_cut(struct host *host)
{
	char value[HANDOFF_PROOF_LEN + 1];

	(void)snprintf(value, sizeof(value) - 1, "%s", forked_proof(host));
	set_proof(host, value);
}

static void
proof_extended(struct host *host)
{
	char value[HANDOFF_PROOF_LEN + 2];

	(void)snprintf(value, sizeof(value), "%s0", forked_proof(host));
	set_proof(host, value);
}

static void
proof_changed(struct host *host)
{
	char value[HANDOFF_PROOF_LEN + 1];

	(void)snprintf(value, sizeof(value), "%s", forked_proof(host));
	value[HANDOFF_PROOF_LEN - 1] ^= 1;
	set_proof(host, value);
}

void
forgery_proof_made_up(struct host *host)
{
	char value[HANDOFF_PROOF_LEN + 1];

	memset(value, '0', HANDOFF_PROOF_LEN);
	value[HANDOFF_PROOF_LEN] = '\0';
	set_proof(host, value);
}

/* A process that had our pid before. */
static void
proof_of_another_process(struct host *host)
{
	const struct process other = {forgery_self.pid, forgery_self.start - 1};

	forked_put_proof(host, &forgery_sent, &other);
}

static void
proof_of_an_earlier_attempt(struct host *host)
{
	struct handoff earlier;

	forked_make(&earlier);
	forked_put_proof(host, &earlier, &forgery_self);
}

/* Changes of the record. */

static void
record_of_another_user(struct host *host)
{
	struct handoff changed = forgery_sent;

	strcpy(changed.user, BOB);
	forked_put_record(host, &changed, &forgery_self);
}

static void
record_of_another_service(struct host *host)
{
	struct handoff changed = forgery_sent;

	strcpy(changed.service, "sshd");
	forked_put_record(host, &changed, &forgery_self);
}

static void
record_of_another_token(struct host *host)
{
	struct handoff changed;

	forked_make(&changed);
	strcpy(changed.id, "abcdefghjk");
	forked_put_record(host, &changed, &forgery_self);
}

static void
record_too_old(struct host *host)
{
	struct handoff changed = forgery_sent;

	changed.at -= HANDOFF_AGE_MAX + 1;
	forked_put_record(host, &changed, &forgery_self);
}

static void
record_of_the_future(struct host *host)
{
	struct handoff changed = forgery_sent;

	changed.at += HANDOFF_AGE_MAX;
	forked_put_record(host, &changed, &forgery_self);
}

void
forgery_record_gone(struct host *host)
{
	assert_int_equal(unlink(forked_record(host, &forgery_self)), 0);
}

/* Writes the record anew: len bytes of it, one changed by mask. */
static void
rewrite(struct host *host, size_t len, uint8_t mask, mode_t mode)
{
	size_t whole;
	uint8_t *old = scratch_read(forked_record(host, &forgery_self), &whole);
	uint8_t bytes[2 * HANDOFF_BYTES_MAX] = {0};

	memcpy(bytes, old, whole);
	free(old);
	bytes[whole / 2] ^= mask;
	forgery_record_gone(host);
	scratch_write(forked_record(host, &forgery_self), bytes,
	    len < sizeof(bytes) ? len : whole, mode);
}

#define WHOLE SIZE_MAX

static void
record_empty(struct host *host)
{
	rewrite(host, 0, 0, 0600);
}

static void
record_cut(struct host *host)
{
	rewrite(host, 100, 0, 0600);
}

static void
record_too_long(struct host *host)
{
	rewrite(host, HANDOFF_BYTES_MAX + 1, 0, 0600);
}

static void
record_changed(struct host *host)
{
	rewrite(host, WHOLE, 1, 0600);
}

static void
record_that_others_may_write(struct host *host)
{
	rewrite(host, WHOLE, 0, 0622);
}

static void
record_behind_a_link(struct host *host)
{
	const char *away = scratch_path(host->scratch, "away");

	assert_int_equal(rename(forked_record(host, &forgery_self), away), 0);
	assert_int_equal(symlink(away, forked_record(host, &forgery_self)), 0);
}

/* A file under our name, made for a process that had our pid before. */
static void
record_of_another_process(struct host *host)
{
	const struct process other = {forgery_self.pid, forgery_self.start - 1};

	forked_put_record(host, &forgery_sent, &other);
	assert_int_equal(rename(forked_record(host, &other),
			     forked_record(host, &forgery_self)),
	    0);
}

/* Changes of what the host says. */

static void
another_user(struct host *host)
{
	assert_int_equal(pam_set_item(host->pamh, PAM_USER, BOB), PAM_SUCCESS);
}

static void
another_service(struct host *host)
{
	assert_int_equal(link(scratch_path(host->scratch, "pam.d/" SERVICE),
			     scratch_path(host->scratch, "pam.d/sshd")),
	    0);
	assert_int_equal(
	    pam_set_item(host->pamh, PAM_SERVICE, "sshd"), PAM_SUCCESS);
}

const struct forgery FORGERIES[] = {
    {"proof unset", proof_unset, true},
    {"proof empty", proof_empty, true},
    {"proof cut", proof_cut, true},
    {"proof extended", proof_extended, true},
    {"proof changed", proof_changed, true},
    {"proof made up", forgery_proof_made_up, true},
    {"proof of another process", proof_of_another_process, true},
    {"proof of an earlier attempt", proof_of_an_earlier_attempt, false},
    {"record of another user", record_of_another_user, false},
    {"record of another service", record_of_another_service, false},
    {"record of another token", record_of_another_token, false},
    {"record too old", record_too_old, false},
    {"record of the future", record_of_the_future, false},
    {"record gone", forgery_record_gone, false},
    {"record empty", record_empty, false},
    {"record cut", record_cut, false},
    {"record too long", record_too_long, false},
    {"record changed", record_changed, false},
    {"record that others may write", record_that_others_may_write, false},
    {"record behind a link", record_behind_a_link, false},
    {"record of another process", record_of_another_process, false},
    {"another user", another_user, false},
    {"another service", another_service, false},
    {NULL, NULL, false},
};
