#include "machine.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "faults.h"
#include "fuzz.h"
#include "machine_store.h"
#include "session/rundir.h"
#include "session/session_list.h"
#include "store/create.h"
#include "store/last_use.h"
#include "userdb.h"

#define PATIENCE 20000 /* ms */
#define DATABASE_MAX (1024 * 1024)

struct machine machine;
char machine_config_option[MACHINE_CONFIGS][256];
struct config machine_store_config;

static char directory[64], system_config[MACHINE_PATH_SIZE];
char machine_run[MACHINE_PATH_SIZE];
static bool dirty, run_dirty;

/* The files that a login changes, in their initial state. */
static struct master {
	const char *name;
	char path[STORE_PATH_SIZE];
	uint8_t *bytes;
	size_t len;
} masters[] = {{.name = STORE_DATABASE}, {.name = "usage.tdb"}};

/* What is renamed to make trouble. */
static char troubled[MACHINE_TROUBLES][STORE_PATH_SIZE];

/* Shows that something was written. */
typedef enum err rundir_putter(int dir, const char *name, const uint8_t *bytes,
    size_t len, struct error *why);
enum err __real_store_commit(struct store *store, struct error *why);
enum err __wrap_store_commit(struct store *store, struct error *why);
rundir_putter __real_rundir_add, __wrap_rundir_add;
rundir_putter __real_rundir_write, __wrap_rundir_write;
enum err __real_last_use_note(const struct config *config, const char *id,
    int64_t now, const char *from, const char *service, struct error *why);
enum err __wrap_last_use_note(const struct config *config, const char *id,
    int64_t now, const char *from, const char *service, struct error *why);

enum err
__wrap_store_commit(struct store *store, struct error *why)
{
	dirty = true;
	machine_store_forget();
	return __real_store_commit(store, why);
}

enum err
__wrap_rundir_write(int dir, const char *name, const uint8_t *bytes, size_t len,
    struct error *why)
{
	run_dirty = true;
	return __real_rundir_write(dir, name, bytes, len, why);
}

enum err
__wrap_rundir_add(int dir, const char *name, const uint8_t *bytes, size_t len,
    struct error *why)
{
	run_dirty = true;
	return __real_rundir_add(dir, name, bytes, len, why);
}

enum err
__wrap_last_use_note(const struct config *config, const char *id, int64_t now,
    const char *from, const char *service, struct error *why)
{
	dirty = true;
	return __real_last_use_note(config, id, now, from, service, why);
}

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void
remove_directory(void)
{
	(void)nftw(directory, remove_entry, 8, FTW_PHYS | FTW_DEPTH);
}

static void
make_directory(void)
{
	const char *tmp = getenv("TMPDIR");

	if (tmp == NULL)
		tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	(void)snprintf(
	    directory, sizeof(directory), "%s/apitoken-fuzz-XXXXXX", tmp);
	FUZZ_REQUIRE(mkdtemp(directory) != NULL);
	FUZZ_REQUIRE(atexit(remove_directory) == 0);
	(void)snprintf(machine_run, sizeof(machine_run), "%s/run", directory);
}

static void
write_config(unsigned number, const char *name, const char *lines)
{
	char path[MACHINE_PATH_SIZE];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s.conf", directory, name);
	(void)snprintf(machine_config_option[number],
	    sizeof(machine_config_option[number]), "config=%s", path);
	if (lines == NULL)
		return;
	file = fopen(path, "we");
	FUZZ_REQUIRE(file != NULL);
	(void)fprintf(file,
	    "[store]\ndirectory = %s/%s\nkey = %s/%s-key/key\n"
	    "lock_timeout = 1s\n%s",
	    directory, name, directory, name, lines);
	(void)fclose(file);
	FUZZ_REQUIRE(chmod(path, 0600) == 0);
}

static void
make_store(unsigned number)
{
	struct config config;
	struct error why = {""};
	bool created;

	FUZZ_REQUIRE(config_read(&config, machine_config_option[number] + 7,
			 &why) == ERR_OK);
	FUZZ_REQUIRE(create_store(&config, deadline_in(PATIENCE), &created,
			 &why) == ERR_OK);
	if (number == MACHINE_CONFIG_GOOD)
		machine_store_config = config;
	else
		config_free(&config);
}

/* As after the first login, which has happened in every run. */
static void
make_run(const char *part)
{
	int dir;

	FUZZ_REQUIRE(
	    rundir_open(&dir, machine_run, part, RUNDIR_MAKE, NULL) == ERR_OK);
	(void)close(dir);
}

static void
read_master(struct master *master)
{
	int fd;

	store_path(&machine_store_config, master->name, master->path);
	fd = open(master->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	master->bytes = malloc(DATABASE_MAX);
	FUZZ_REQUIRE(master->bytes != NULL);
	master->len = (size_t)read(fd, master->bytes, DATABASE_MAX);
	FUZZ_REQUIRE(master->len < DATABASE_MAX);
	(void)close(fd);
}

static void
restore_master(const struct master *master)
{
	int fd;

	if (master->bytes == NULL) {
		(void)unlink(master->path);
		return;
	}
	fd = open(master->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	FUZZ_REQUIRE(fd >= 0);
	FUZZ_REQUIRE(
	    pwrite(fd, master->bytes, master->len, 0) == (ssize_t)master->len);
	FUZZ_REQUIRE(ftruncate(fd, (off_t)master->len) == 0);
	(void)close(fd);
}

void
machine_make(void)
{
	make_directory();
	write_config(MACHINE_CONFIG_GOOD, "good",
	    "[services]\nmail = imap, pop3\n[confine]\nservices = probe\n"
	    "programs = /usr/sbin/probe\n");
	write_config(MACHINE_CONFIG_BAD, "bad", "[store]\nbogus = 1\n");
	write_config(MACHINE_CONFIG_MISSING, "missing", NULL);
	write_config(MACHINE_CONFIG_OTHER, "other", "");
	(void)snprintf(system_config, sizeof(system_config), "%s",
	    machine_config_option[MACHINE_CONFIG_OTHER] + strlen("config="));
	userdb_is_due = faults_due;
	faults_redirect(CONFIG_FILE, system_config);
	faults_redirect(RUNDIR, machine_run);
	machine_set_account(0);
	make_run(RUNDIR_HANDOFF);
	make_run(RUNDIR_SESSIONS);
	make_store(MACHINE_CONFIG_OTHER);
	make_store(MACHINE_CONFIG_GOOD);
	machine_store_fill();
	/* Made by a first use, and there from now on. */
	(void)last_use_note(
	    &machine_store_config, machine_tokens[0].id, 1, NULL, "x", NULL);
	for (unsigned i = 0; i < COUNT_OF(masters); i++)
		read_master(&masters[i]);
	strcpy(troubled[MACHINE_NO_KEY], machine_store_config.key);
	store_path(&machine_store_config, STORE_DATABASE,
	    troubled[MACHINE_NO_DATABASE]);
	store_path(
	    &machine_store_config, STORE_LOCK, troubled[MACHINE_NO_LOCK]);
}

static void
empty(const char *part)
{
	char path[2 * MACHINE_PATH_SIZE];
	const struct dirent *entry;
	DIR *entries;

	(void)snprintf(path, sizeof(path), "%s/%s", machine_run, part);
	entries = opendir(path);
	while (entries != NULL && (entry = readdir(entries)) != NULL)
		(void)unlinkat(dirfd(entries), entry->d_name, 0);
	if (entries != NULL)
		(void)closedir(entries);
}

void
machine_reset(void)
{
	machine_set_trouble(MACHINE_WELL);
	machine = (struct machine){.now = MACHINE_NOW};
	machine_set_account(0);
	if (dirty) {
		for (unsigned i = 0; i < COUNT_OF(masters); i++)
			restore_master(&masters[i]);
		machine_store_forget();
	}
	if (run_dirty) {
		empty(RUNDIR_HANDOFF);
		empty(RUNDIR_SESSIONS);
	}
	dirty = false;
	run_dirty = false;
}

void
machine_set_trouble(enum machine_trouble trouble)
{
	char away[STORE_PATH_SIZE + 8];

	if (machine.trouble != MACHINE_WELL) {
		(void)snprintf(
		    away, sizeof(away), "%s.away", troubled[machine.trouble]);
		FUZZ_REQUIRE(rename(away, troubled[machine.trouble]) == 0);
	}
	machine.trouble = trouble;
	if (trouble == MACHINE_WELL)
		return;
	(void)snprintf(away, sizeof(away), "%s.away", troubled[trouble]);
	FUZZ_REQUIRE(rename(troubled[trouble], away) == 0);
}

struct store *
machine_store_open(enum store_mode mode)
{
	enum machine_trouble trouble = machine.trouble;
	struct store *store = NULL;
	struct error why = {""};
	enum err rc;

	machine_set_trouble(MACHINE_WELL);
	rc = store_open(
	    &store, &machine_store_config, mode, deadline_in(PATIENCE), &why);
	machine_set_trouble(trouble);
	FUZZ_REQUIRE(rc == ERR_OK);
	return store;
}

bool
machine_read_handoff(
    const struct process *process, uint8_t bytes[MACHINE_FILE_MAX], size_t *len)
{
	char name[PROCESS_NAME_LEN + 1], path[2 * MACHINE_PATH_SIZE];
	ssize_t got;
	int fd;

	process_name(process, name);
	(void)snprintf(
	    path, sizeof(path), "%s/" RUNDIR_HANDOFF "/%s", machine_run, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, bytes, MACHINE_FILE_MAX);
	(void)close(fd);
	FUZZ_REQUIRE(got >= 0);
	*len = (size_t)got;
	return true;
}

void
machine_write_handoff(
    const struct process *process, const uint8_t *bytes, size_t len)
{
	char name[PROCESS_NAME_LEN + 1];
	int dir;

	process_name(process, name);
	FUZZ_REQUIRE(rundir_open(&dir, machine_run, RUNDIR_HANDOFF, RUNDIR_MAKE,
			 NULL) == ERR_OK);
	FUZZ_REQUIRE(rundir_write(dir, name, bytes, len, NULL) == ERR_OK);
	(void)close(dir);
}
