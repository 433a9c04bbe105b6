#include "forked.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "session/rundir.h"
#include "store/key.h"

#define VARIABLE "APITOKEN_HANDOFF"
#define ENVIRONMENT_MAX 8192

/* What the child reports: codes, then the environment, each with its NUL. */
struct report {
	int auth, account;
	size_t len;
	char environment[ENVIRONMENT_MAX];
};

/* As in host.c, without cmocka's assertions, which do not work in children. */
static int
code_of(struct host *host)
{
	const char *noted = pam_getenv(host->pamh, "SHIM_CODE");
	int code = noted == NULL ? -1 : (int)strtol(noted, NULL, 10);

	(void)pam_putenv(host->pamh, "SHIM_CODE");
	return code;
}

static bool
pack_environment(struct host *host, struct report *report)
{
	char **list = pam_getenvlist(host->pamh);
	size_t size;

	if (list == NULL)
		return false;
	for (size_t i = 0; list[i] != NULL; i++) {
		size = strlen(list[i]) + 1;
		if (size <= sizeof(report->environment) - report->len)
			memcpy(
			    report->environment + report->len, list[i], size);
		report->len += size;
		free(list[i]);
	}
	free(list);
	return report->len <= sizeof(report->environment);
}

struct child {
	struct host *host;
	const struct attempt *attempt;
	int fd;
};

static int
run_child(void *arg)
{
	static struct report report;
	struct child *child = arg;
	struct host *host = child->host;

	report = (struct report){.account = -1};
	(void)pam_authenticate(host->pamh, 0);
	report.auth = code_of(host);
	if (child->attempt->between != NULL)
		child->attempt->between(host);
	if (report.auth == PAM_SUCCESS && !child->attempt->no_account) {
		(void)pam_acct_mgmt(host->pamh, 0);
		report.account = code_of(host);
	}
	CHILD_REQUIRE(pack_environment(host, &report));
	CHILD_REQUIRE(
	    write(child->fd, &report, sizeof(report)) == sizeof(report));
	return 0;
}

static void
read_report(int fd, struct report *report)
{
	size_t have = 0;

	while (have < sizeof(*report)) {
		ssize_t got = read(
		    fd, (char *)report + have, sizeof(*report) - have);

		assert_true(got > 0);
		have += (size_t)got;
	}
}

void
forked_attempt(struct host *host, struct attempt *attempt)
{
	static struct report report;
	struct child child = {.host = host, .attempt = attempt};
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	child.fd = fds[1];
	pid = child_start(run_child, &child);
	assert_int_equal(close(fds[1]), 0);
	read_report(fds[0], &report);
	assert_int_equal(close(fds[0]), 0);
	child_expect_success(pid);
	attempt->auth = report.auth;
	attempt->account = report.account;
	if (report.auth != PAM_SUCCESS || attempt->no_return ||
	    (report.account != PAM_SUCCESS && !attempt->no_account))
		return;
	for (size_t at = 0; at < report.len;) {
		const char *variable = report.environment + at;

		forked_putenv(host, variable);
		at += strlen(variable) + 1;
	}
}

void
forked_log_in(struct host *host, const char *token)
{
	struct attempt attempt = {0};

	host_start(host, ALICE, token);
	forked_attempt(host, &attempt);
	assert_int_equal(attempt.auth, PAM_SUCCESS);
	assert_int_equal(attempt.account, PAM_SUCCESS);
}

void
forked_make(struct handoff *handoff)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_BOOTTIME, &now), 0);
	*handoff = (struct handoff){
	    .id = "0123456789",
	    .user = ALICE,
	    .service = SERVICE,
	    .need = "read,write",
	    .name = "sample",
	    .scopes = "read",
	    .at = now.tv_sec,
	};
	assert_ok(crypto_random(handoff->nonce, sizeof(handoff->nonce)));
}

struct process
forked_self(void)
{
	struct process self;

	assert_ok(process_self(&self, &why));
	return self;
}

static void
read_key(const struct host *host, struct keys *keys)
{
	assert_ok(key_read(scratch_key(host->scratch), keys, &why));
}

void
forked_put_record(const struct host *host, const struct handoff *handoff,
    const struct process *process)
{
	char name[PROCESS_NAME_LEN + 1];
	uint8_t bytes[HANDOFF_BYTES_MAX];
	struct keys keys;
	size_t len;
	int dir;

	read_key(host, &keys);
	assert_ok(handoff_encode(handoff, process, keys.handoff, bytes, &len));
	assert_ok(rundir_open(&dir, scratch_path(host->scratch, "run"),
	    RUNDIR_HANDOFF, RUNDIR_MAKE, &why));
	process_name(process, name);
	assert_ok(rundir_write(dir, name, bytes, len, &why));
	assert_int_equal(close(dir), 0);
}

void
forked_get_record(const struct host *host, struct handoff *handoff)
{
	const struct process self = forked_self();
	struct keys keys;
	size_t len;
	uint8_t *bytes = scratch_read(forked_record(host, &self), &len);

	read_key(host, &keys);
	assert_ok(handoff_decode(handoff, &self, keys.handoff, bytes, len));
	free(bytes);
}

void
forked_put_proof(struct host *host, const struct handoff *handoff,
    const struct process *process)
{
	char text[sizeof(VARIABLE "=") + HANDOFF_PROOF_LEN] = VARIABLE "=";
	struct keys keys;

	read_key(host, &keys);
	handoff_prove(
	    text + strlen(text), handoff->nonce, process, keys.handoff);
	forked_putenv(host, text);
}

const char *
forked_record(const struct host *host, const struct process *process)
{
	char path[SCRATCH_PATH] = "run/handoff/";

	process_name(process, path + strlen(path));
	return scratch_path(host->scratch, path);
}

unsigned
forked_count(const struct host *host)
{
	DIR *entries = opendir(scratch_path(host->scratch, "run/handoff"));
	const struct dirent *entry;
	unsigned count = 0;

	if (entries == NULL) {
		assert_int_equal(errno, ENOENT);
		return 0;
	}
	while ((entry = readdir(entries)) != NULL)
		count += entry->d_name[0] != '.';
	assert_int_equal(closedir(entries), 0);
	return count;
}

const char *
forked_proof(struct host *host)
{
	return pam_getenv(host->pamh, VARIABLE);
}

void
forked_putenv(struct host *host, const char *text)
{
	assert_int_equal(pam_putenv(host->pamh, text), PAM_SUCCESS);
}
