#include "host.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void
write_file(struct host *host, const char *name, const char *text)
{
	scratch_write(
	    scratch_path(host->scratch, name), text, strlen(text), 0600);
}

static const char *
build_path(const char *name)
{
	static char path[PATH_MAX];
	const char *top = getenv("abs_top_builddir");

	assert_non_null(top);
	(void)snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

void
host_write_lines(struct host *host, const char *const arguments[3])
{
	static const char *const TYPES[] = {"auth", "account", "session"};
	char text[8192] = "", module[PATH_MAX];
	size_t len = 0;

	strcpy(module, build_path(".libs/pam_apitoken.so"));
	for (size_t i = 0; i < COUNT_OF(TYPES); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s required %s %s config=%s %s\n", TYPES[i],
		    build_path(".libs/pam_shim.so"), module,
		    scratch_path(host->scratch, "apitoken.conf"), arguments[i]);
	write_file(host, "pam.d/" SERVICE, text);
}

void
host_write_stack(struct host *host, const char *arguments)
{
	const char *const all[] = {arguments, arguments, arguments};

	host_write_lines(host, all);
}

static void
write_config(struct host *host, const char *lock_timeout, const char *lines)
{
	char text[4096];

	(void)snprintf(text, sizeof(text),
	    "[store]\ndirectory = %s\nkey = %s\nlock_timeout = %s\n%s",
	    host->scratch->config.directory, host->scratch->config.key,
	    lock_timeout, lines);
	write_file(host, "apitoken.conf", text);
}

void
host_write_config(struct host *host, const char *lines)
{
	write_config(host, "1s", lines);
}

void
host_be_patient(struct host *host)
{
	write_config(host, "60s", "");
}

int
host_setup(void **state)
{
	struct host *host;
	void *scratch;

	if (scratch_setup_store(&scratch) != 0)
		return -1;
	host = calloc(1, sizeof(*host));
	assert_non_null(host);
	host->scratch = scratch;
	strcpy(host->stacks, scratch_path(host->scratch, "pam.d"));
	strcpy(host->run, scratch_path(host->scratch, "run"));
	elsewhere_set(host->run);
	assert_int_equal(mkdir(host->stacks, S_IRWXU), 0);
	users_reset();
	host_write_config(host, "");
	host_write_stack(host, "");
	*state = host;
	return 0;
}

int
host_setup_read(void **state)
{
	if (host_setup(state) != 0)
		return -1;
	host_write_stack(*state, "need=read");
	return 0;
}

int
host_teardown(void **state)
{
	struct host *host = *state;
	void *scratch = (void *)(uintptr_t)host->scratch;

	if (host->pamh != NULL)
		(void)pam_end(host->pamh, PAM_SUCCESS);
	free(host);
	return scratch_teardown(&scratch);
}

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **responses, void *arg)
{
	struct host *host = arg;
	struct pam_response *made;

	if (count != 1 || host->password == NULL)
		return PAM_CONV_ERR;
	(void)snprintf(
	    host->prompt, sizeof(host->prompt), "%s", messages[0]->msg);
	made = calloc(1, sizeof(*made));
	if (made == NULL)
		return PAM_BUF_ERR;
	made->resp = strdup(host->password);
	*responses = made;
	return PAM_SUCCESS;
}

/* libpam would sleep; the tests only check for how long. */
static void
note_delay(int code, unsigned microseconds, void *arg)
{
	struct host *host = arg;

	(void)code;
	host->delay = microseconds;
}

void
host_start(struct host *host, const char *user, const char *password)
{
	struct pam_conv conv = {converse, host};

	if (host->pamh != NULL)
		(void)pam_end(host->pamh, PAM_SUCCESS);
	host->pamh = NULL;
	host->password = password;
	assert_int_equal(
	    pam_start_confdir(SERVICE, user, &conv, host->stacks, &host->pamh),
	    PAM_SUCCESS);
	assert_int_equal(pam_set_item(host->pamh, PAM_FAIL_DELAY,
			     (void *)(uintptr_t)note_delay),
	    PAM_SUCCESS);
}

/* The module's result, as noted by the shim. */
static int
code_of(struct host *host)
{
	const char *noted = pam_getenv(host->pamh, "SHIM_CODE");
	int code;

	assert_non_null(noted);
	code = (int)strtol(noted, NULL, 10);
	assert_int_equal(pam_putenv(host->pamh, "SHIM_CODE"), PAM_SUCCESS);
	return code;
}

int
host_authenticate(struct host *host)
{
	(void)pam_authenticate(host->pamh, 0);
	return code_of(host);
}

int
host_account(struct host *host)
{
	(void)pam_acct_mgmt(host->pamh, 0);
	return code_of(host);
}

int
host_setcred(struct host *host)
{
	(void)pam_setcred(host->pamh, PAM_ESTABLISH_CRED);
	return code_of(host);
}

int
host_open_session(struct host *host)
{
	(void)pam_open_session(host->pamh, 0);
	return code_of(host);
}

int
host_close_session(struct host *host)
{
	(void)pam_close_session(host->pamh, 0);
	return code_of(host);
}

void
host_issue(struct host *host, char text[TOKEN_LEN + 1],
    void (*change)(struct record *record))
{
	struct record record;
	struct store *store;

	sample_record(&record, ALICE, "sample");
	record.uid = UID_ALICE;
	record.created.at = time(NULL);
	record.expires = record.created.at + DAY;
	strcpy(record.services, SERVICE);
	strcpy(record.scopes, "read,write");
	assert_ok(token_make(text, record.id));
	assert_ok(scratch_open(host->scratch, &store, STORE_WRITE));
	store_digest(store, text, record.digest);
	if (change != NULL)
		change(&record);
	if (record.is_short)
		assert_ok(store_draw_token(store, &record, text, &why));
	assert_ok(store_add(store, &record, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	strcpy(host->token, text);
}

void
host_change(struct host *host, const char text[TOKEN_LEN + 1],
    void (*change)(struct record *record))
{
	char id[TOKEN_ID_LEN + 1];
	struct record record;
	struct store *store;

	assert_true(token_parse(text, id));
	assert_ok(scratch_open(host->scratch, &store, STORE_WRITE));
	assert_ok(store_get(store, id, &record, &why));
	change(&record);
	assert_ok(store_put(store, &record, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
}

int
host_hold(const char *path, short type)
{
	struct flock all = {.l_type = type, .l_whence = SEEK_SET};
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);

	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &all), 0);
	return fd;
}
