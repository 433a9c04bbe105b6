#include "fleet/fleet_init.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/safe_file.h"
#include "base/write_file.h"
#include "fleet/fleet_host.h"
#include "fleet/fleet_issued.h"
#include "fleet/fleet_key.h"
#include "store/create.h"

size_t
fleet_pub_text(
    const uint8_t key[CRYPTO_SIGNATURE_KEY_LEN], char text[FLEET_PUB_MAX])
{
	char digits[2 * CRYPTO_SIGNATURE_KEY_LEN + 1];

	hex_put(digits, key, CRYPTO_SIGNATURE_KEY_LEN);
	return (size_t)snprintf(text, FLEET_PUB_MAX,
	    "[issuer]\nkey = %s\nmay = issue, revoke\nusers = any\n"
	    "services = any\nnot_after = never\n",
	    digits);
}

void
fleet_pub_path(
    const struct config *config, const char *issuer, char path[PATH_MAX])
{
	(void)snprintf(
	    path, PATH_MAX, "%s/%s.pub", config->fleet.issuers, issuer);
}

/* The fleet's id: as configured, as given, or a new one. */
static enum err
choose_id(struct context *context, const struct args *args,
    char id[CONFIG_FLEET_ID_LEN + 1], bool *is_new)
{
	const char *given = args_get(args, "id");
	const char *configured = context->config.fleet.id;
	uint8_t bytes[FLEET_ID_LEN];

	*is_new = configured[0] == '\0';
	if (given != NULL && !hex_get(bytes, sizeof(bytes), given))
		return error_about(&context->error, "id", NULL,
		    error_set(&context->error, ERR_INVALID,
			"id `%s`: not %d hexadecimal digits in small letters",
			given, CONFIG_FLEET_ID_LEN));
	if (given != NULL && !*is_new && strcmp(given, configured) != 0)
		return error_about(&context->error, "id", NULL,
		    error_set(&context->error, ERR_CONFIG,
			"id `%s`: [fleet] id is %s", given, configured));
	if (given != NULL || !*is_new) {
		strcpy(id, given != NULL ? given : configured);
		return ERR_OK;
	}
	if (crypto_random(bytes, sizeof(bytes)) != ERR_OK)
		return error_plain(&context->error, ERR_RANDOM);
	hex_put(id, bytes, sizeof(bytes));
	return ERR_OK;
}

static enum err
choose_name(struct context *context, const struct args *args,
    char name[PARSE_HOST_MAX + 1])
{
	const char *given = args_get(args, "name");

	name[0] = '\0';
	if (given == NULL)
		fleet_host_name(&context->config, name);
	else if (strlen(given) <= PARSE_HOST_MAX)
		strcpy(name, given);
	if (parse_is_host(name))
		return ERR_OK;
	return error_about(&context->error, "name", NULL,
	    error_set(&context->error, ERR_INVALID,
		"name `%s`: the issuer's name is up to %d small letters, "
		"digits, "
		"`.`, `-` and `_`; give --name NAME",
		given != NULL ? given : name, PARSE_HOST_MAX));
}

/*
 * One that was killed has left a key without the file that tells of it: the
 * same again goes on from there.
 */
static enum err
take_up(struct context *context, const char *name, struct fleet_key *key)
{
	struct error *why = &context->error;
	char path[PATH_MAX];
	enum err rc = fleet_key_read(key, context->config.fleet.key, why);

	if (rc != ERR_OK)
		return rc;
	fleet_pub_path(&context->config, key->issuer, path);
	if (strcmp(key->issuer, name) == 0 && safe_is_absent(path))
		return ERR_OK;
	return error_set(why, ERR_EXISTS,
	    "%s: exists already, and is never replaced: this machine issues; "
	    "tokenadm fleet status says as whom",
	    context->config.fleet.key);
}

/* The local store first: its key seals all. */
static enum err
make_stores(struct context *context)
{
	int64_t deadline = store_deadline(&context->config);
	struct config issued;
	bool created;
	enum err rc = create_store(
	    &context->config, deadline, &created, &context->error);

	fleet_issued_config(&issued, &context->config);
	return rc == ERR_OK
	    ? create_store(&issued, deadline, &created, &context->error)
	    : rc;
}

/* Others may read it; make_directory(…) of the store may not. */
static enum err
make_issuers_directory(const char *path, struct error *why)
{
	if (mkdir(path, S_IRWXU) == 0)
		(void)chmod(path, 0755);
	else if (errno != EEXIST)
		return error_set(why, ERR_SYSTEM, "%s: cannot create: %s", path,
		    strerror(errno));
	return safe_check_directory(path, why);
}

/*
 * Where the engine `file` keeps its files, unless there is something. Only
 * here: later it may be missing because it is not mounted. The agent says so.
 */
static void
make_source(const struct config *config)
{
	const char *source = config->fleet.source;
	const char *dot = strrchr(source, '.');

	if (strcmp(config->fleet.engine, "file") != 0 ||
	    (dot != NULL && strcmp(dot, ".fleet") == 0))
		return;
	if (mkdir(source, S_IRWXU) == 0)
		(void)chmod(source, 0755);
}

/* One that is there already is what root wants. */
static enum err
write_pub(struct context *context, const struct fleet_key *key,
    const char *text, size_t len)
{
	char path[PATH_MAX];
	enum err rc = make_issuers_directory(
	    context->config.fleet.issuers, &context->error);

	fleet_pub_path(&context->config, key->issuer, path);
	if (rc == ERR_OK)
		rc = write_file_new(path, text, len, 0644, &context->error);
	if (rc == ERR_EXISTS) {
		fprintf(stderr,
		    "tokenadm: %s: is there already; compare it with what is "
		    "printed here\n",
		    path);
		rc = ERR_OK;
	}
	return rc;
}

static void
explain(const struct context *context, const struct fleet_key *key,
    const char *id, bool is_new_id)
{
	fflush(stdout);
	fprintf(stderr,
	    "\nThis machine issues as `%s`, with %s: keep a copy of that "
	    "file.\nThe lines above are %s/%s.pub, here and on every machine "
	    "that is to\nbelieve it.\n",
	    key->issuer, context->config.fleet.key,
	    context->config.fleet.issuers, key->issuer);
	if (is_new_id)
		fprintf(stderr,
		    "Add to %s, here and there:\n\n[fleet]\nid = %s\n",
		    config_file_name(context->config_file), id);
}

enum err
fleet_init(struct context *context, const struct args *args)
{
	char id[CONFIG_FLEET_ID_LEN + 1], name[PARSE_HOST_MAX + 1];
	char text[FLEET_PUB_MAX];
	struct fleet_key key = {0};
	bool is_new_id = false;
	size_t len;
	enum err rc = crypto_init(&context->error);

	if (rc == ERR_OK)
		rc = choose_id(context, args, id, &is_new_id);
	if (rc == ERR_OK)
		rc = choose_name(context, args, name);
	if (rc == ERR_OK)
		rc = make_stores(context);
	if (rc == ERR_OK)
		rc = fleet_key_create(
		    &key, context->config.fleet.key, name, &context->error);
	if (rc == ERR_EXISTS)
		rc = take_up(context, name, &key);
	if (rc != ERR_OK)
		goto out;
	len = fleet_pub_text(key.key, text);
	rc = write_pub(context, &key, text, len);
	if (rc == ERR_OK) {
		make_source(&context->config);
		fputs(text, stdout);
		explain(context, &key, id, is_new_id);
	}
out:
	crypto_wipe(&key, sizeof(key));
	return rc;
}
