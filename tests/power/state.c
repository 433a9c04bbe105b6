#include "state.h"

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/backup_reader.h"
#include "base/deadline.h"
#include "check/check.h"
#include "fleet_state.h"
#include "login/evaluate.h"
#include "store/create.h"
#include "store/last_use.h"
#include "store/logos.h"
#include "store/store.h"

#define LINE 512
#define USES 100 /* tokens that are issued at the end */

/* Lines, to be sorted: a database returns its records in no order. */
struct lines {
	char (*lines)[LINE];
	size_t count;
};

static struct error why;

static bool
complain(FILE *out, const char *what)
{
	(void)fprintf(out, "trouble: %s: %s\n", what, why.text);
	return false;
}

void
scene_add(struct scene *scene, const char *token)
{
	char id[TOKEN_ID_LEN + 1];

	if (!token_parse(token, id))
		return;
	if (scene->token_count == STATE_TOKENS)
		errx(2, "too many tokens");
	strcpy(scene->tokens[scene->token_count++], token);
}

void
scene_add_lines(struct scene *scene, const char *text, size_t len)
{
	char line[TOKEN_LEN + 1];
	const char *end;

	while (len > 0 && (end = memchr(text, '\n', len))) {
		size_t size = (size_t)(end - text);

		if (size == TOKEN_LEN) {
			memcpy(line, text, size);
			line[size] = '\0';
			scene_add(scene, line);
		}
		len -= size + 1;
		text = end + 1;
	}
}

static char *
new_line(struct lines *lines)
{
	lines->lines = reallocarray(lines->lines, lines->count + 1, LINE);
	if (lines->lines == NULL)
		err(2, "memory");
	return lines->lines[lines->count++];
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
print_lines(struct lines *lines, FILE *out)
{
	if (lines->count > 0)
		qsort(lines->lines, lines->count, LINE, compare);
	for (size_t i = 0; i < lines->count; i++)
		(void)fprintf(out, "%s\n", lines->lines[i]);
	free(lines->lines);
}

/* A record as a line with a hash of its whole content. */
static void
describe_record(const struct record *record, struct lines *lines)
{
	static const uint8_t KEY[CRYPTO_KEY_LEN];
	uint8_t bytes[RECORD_BYTES_MAX], hash[CRYPTO_HASH_LEN];
	size_t len = 0;

	(void)record_encode(record, KEY, bytes, &len);
	crypto_digest(hash, KEY, bytes, len);
	(void)snprintf(new_line(lines), LINE,
	    "token %s %.64s %.64s %s %02x%02x%02x%02x", record->id,
	    record->user, record->name, record_state_name(record->state),
	    hash[0], hash[1], hash[2], hash[3]);
}

struct visit {
	struct store *store;
	struct lines *lines;
	const struct scene *scene;
	const char *listing; /* the text of it; NULL for none */
};

/* Whoever asked for a valid token must have received it. */
static bool
is_listed(const struct visit *visit, const char *id)
{
	char beginning[TOKEN_LEN + 1];
	const char *at;

	for (size_t i = 0; i < visit->scene->known; i++) {
		if (strncmp(visit->scene->tokens[i] + 4, id, TOKEN_ID_LEN) == 0)
			return true;
	}
	(void)snprintf(beginning, sizeof(beginning), "atk_%s_", id);
	at = strstr(visit->listing, beginning);
	return at != NULL && strcspn(at, "\n") == TOKEN_LEN;
}

/* The logo is there, and is the one that the record names. */
static void
describe_logo(const struct visit *visit, const struct record *record)
{
	static struct logo logo;
	enum err rc;

	if (record->logo == PICTURE_NONE)
		return;
	rc = logos_get(visit->store, record, &logo, &why);
	(void)snprintf(new_line(visit->lines), LINE, "logo %s %s: %s",
	    record->id, picture_type_name(record->logo), error_name(rc));
}

static enum err
visit_id(const char id[TOKEN_ID_LEN + 1], void *arg)
{
	struct visit *visit = arg;
	struct record record;
	enum err rc = store_get(visit->store, id, &record, &why);

	if (rc == ERR_OK) {
		describe_record(&record, visit->lines);
		describe_logo(visit, &record);
	} else {
		(void)snprintf(new_line(visit->lines), LINE, "token %s: %s", id,
		    error_name(rc));
	}
	if (visit->listing == NULL || is_listed(visit, id))
		return ERR_OK;
	return error_set(&why, ERR_INTERNAL, "%s lives, and is not listed", id);
}

static enum err
visit_user(const char *user, void *arg)
{
	struct visit *visit = arg;
	struct index index = {0};
	enum err rc = store_get_index(visit->store, user, &index, &why);
	char *line = new_line(visit->lines);
	uint8_t hash[CRYPTO_HASH_LEN] = {0};
	static const uint8_t KEY[CRYPTO_KEY_LEN];

	if (index.count > 0)
		crypto_digest(
		    hash, KEY, index.ids, index.count * sizeof(index.ids[0]));
	(void)snprintf(line, LINE, "user %.64s: %s, %zu ids, %02x%02x%02x%02x",
	    user, error_name(rc), index.count, hash[0], hash[1], hash[2],
	    hash[3]);
	index_free(&index);
	return ERR_OK;
}

static int64_t
deadline(void)
{
	return deadline_in(5000);
}

/* Reads a text file that may be missing. */
static char *
read_text(const char *path)
{
	struct stat st;
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	char *text;

	if (fd < 0 || fstat(fd, &st) != 0)
		return path == NULL ? NULL : strdup("");
	text = calloc(1, (size_t)st.st_size + 1);
	if (text == NULL || read(fd, text, (size_t)st.st_size) != st.st_size)
		err(2, "%s", path);
	(void)close(fd);
	return text;
}

/* What is in the store. */
static bool
describe_store(const struct scene *scene, FILE *out)
{
	struct lines lines = {0};
	struct visit visit = {.lines = &lines, .scene = scene};
	char *listing = read_text(scene->listing);
	enum err rc = store_open(
	    &visit.store, &scene->config, STORE_SCAN, deadline(), &why);

	visit.listing = listing;
	if (rc == ERR_OK)
		rc = store_each_id(visit.store, visit_id, &visit, &why);
	if (rc == ERR_OK)
		rc = store_each_user(visit.store, visit_user, &visit, &why);
	store_close(visit.store);
	print_lines(&lines, out);
	free(listing);
	return rc == ERR_OK ? true : complain(out, "reading the store");
}

static enum err
log_in(const struct scene *scene, const char *text, const char *user,
    struct verdict *verdict, struct record *record)
{
	char id[TOKEN_ID_LEN + 1];
	const struct attempt attempt = {
	    .id = id,
	    .text = text,
	    .user = user,
	    .service = scene->service,
	    .need = "read",
	    .now = scene->now,
	    .deadline = deadline(),
	};

	(void)token_parse(text, id);
	return evaluate_attempt(
	    verdict, record, &scene->config, &attempt, &why);
}

/* The result of its owner's login with a token. */
static bool
describe_login(const struct scene *scene, const char *text, FILE *out)
{
	struct record record = {0}, again;
	struct verdict verdict = {0};
	enum err rc = log_in(scene, text, "nobody", &verdict, &record);

	if (rc == ERR_OK && record.user[0] != '\0')
		rc = log_in(scene, text, record.user, &verdict, &again);
	(void)fprintf(out, "login %.*s: ", TOKEN_ID_LEN, text + 4);
	if (rc != ERR_OK)
		(void)fprintf(out, "%s\n", error_name(rc));
	else
		(void)fprintf(out, "%s\n",
		    verdict.accepted ? "accepted" : verdict_reason(&verdict));
	if (rc == ERR_OK || rc == ERR_DAMAGED || rc == ERR_MISSING)
		return true;
	return complain(out, "logging in");
}

static bool
describe_logins(const struct scene *scene, FILE *out)
{
	for (size_t i = 0; i < scene->token_count; i++) {
		if (!describe_login(scene, scene->tokens[i], out))
			return false;
	}
	return true;
}

static bool
describe_check(const struct scene *scene, FILE *out)
{
	struct check_report report = {0};
	enum err rc = check_store(&report, &scene->config, deadline(), &why);

	(void)fprintf(out, "check: %llu tokens of %llu users\n",
	    (unsigned long long)report.tokens,
	    (unsigned long long)report.users);
	for (size_t i = 0; i < report.findings.count && i < 10; i++)
		(void)fprintf(out, "found: %s\n", report.findings.lines[i]);
	check_report_free(&report);
	return rc == ERR_OK ? true : complain(out, "checking");
}

/* Whether the backup is there, and what it holds. */
static bool
describe_backup(const struct scene *scene, FILE *out)
{
	struct lines lines = {0};
	struct backup_reader *reader = NULL;
	static struct logo logo;
	struct record record;
	enum err rc;

	if (scene->backup == NULL || access(scene->backup, F_OK) != 0)
		return true;
	(void)fprintf(out, "backup:\n");
	rc = backup_reader_open(&reader, &scene->config, scene->backup, &why);
	while (rc == ERR_OK) {
		rc = backup_reader_next(reader, &record, &logo, &why);
		if (rc == ERR_OK)
			describe_record(&record, &lines);
	}
	backup_reader_close(reader);
	print_lines(&lines, out);
	return rc == ERR_NOT_FOUND ? true : complain(out, "reading the backup");
}

/* A large token: a few of them make the database grow. */
static enum err
make_record(struct record *record, int64_t now)
{
	char text[TOKEN_LEN + 1];

	*record = (struct record){
	    .state = RECORD_ACTIVE,
	    .user = "somebody",
	    .uid = 12345,
	    .name = "name",
	    .services = "sshd",
	    .scopes = "read",
	    .from_count = RECORD_NETWORKS_MAX,
	    .expires = TIME_NEVER,
	    .created = {.at = now, .by = "root"},
	};
	memset(record->from, 1, sizeof(record->from));
	for (size_t i = 0; i < RECORD_NETWORKS_MAX; i++)
		record->from[i].prefix = 128;
	memset(record->description, 'd', PARSE_DESCRIPTION_MAX);
	memset(record->ended.reason, 'r', RECORD_REASON_MAX);
	return token_make(text, record->id);
}

/* Writes to the store, until it has to grow. */
static bool
use(const struct scene *scene, FILE *out)
{
	struct record record;
	struct store *store = NULL;
	enum err rc = store_open(
	    &store, &scene->config, STORE_WRITE, deadline(), &why);

	for (int i = 0; rc == ERR_OK && i < USES; i++) {
		rc = make_record(&record, scene->now);
		if (rc == ERR_OK)
			rc = store_add(store, &record, &why);
	}
	if (rc == ERR_OK)
		rc = store_commit(store, &why);
	store_close(store);
	return rc == ERR_OK ? true : complain(out, "writing to the store");
}

static bool
note_use(const struct scene *scene, FILE *out)
{
	static const char ID[] = "0123456789";
	enum err rc;

	/* Whatever is wrong with them, they are recreated at once. */
	(void)last_use_note(&scene->config, ID, scene->now, NULL, "sshd", &why);
	rc = last_use_note(&scene->config, ID, scene->now, NULL, "sshd", &why);
	return rc == ERR_OK ? true : complain(out, "noting a use");
}

/* If there is no store, it must be possible to create one. */
static bool
make_missing(const struct scene *scene, FILE *out)
{
	struct store *store = NULL;
	bool created;
	enum err rc = store_open(
	    &store, &scene->config, STORE_READ, deadline(), &why);

	store_close(store);
	if (rc != ERR_MISSING)
		return true;
	(void)fprintf(out, "no store\n");
	rc = create_store(&scene->config, deadline(), &created, &why);
	return rc == ERR_OK ? true : complain(out, "making a store");
}

static bool
describe_fleet(const struct scene *scene, FILE *out)
{
	return fleet_state_describe(&scene->config, out, &why)
	    ? true
	    : complain(out, "looking at the fleet");
}

bool
state_describe(const struct scene *scene, FILE *out)
{
	/* A login comes first: it finds the store as it was left. */
	return describe_logins(scene, out) && make_missing(scene, out) &&
	    describe_store(scene, out) && describe_check(scene, out) &&
	    describe_backup(scene, out) && describe_fleet(scene, out) &&
	    use(scene, out) && (!scene->is_noted || note_use(scene, out));
}
