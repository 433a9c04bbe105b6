#include "fleet/fleet_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/safe_file.h"
#include "base/write_file.h"
#include "fleet/fleet_lines.h"

#define TITLE "apitoken-fleet-key 1"
#define TEXT_MAX 512

static bool
parse(struct fleet_key *key, const char *text, size_t len)
{
	struct fleet_lines lines = {text, len};
	char value[FLEET_LINE_MAX + 1];

	if (!fleet_lines_take(&lines, TITLE) ||
	    !fleet_lines_value(&lines, "issuer", value) ||
	    !parse_is_host(value) ||
	    !fleet_lines_bytes(
		&lines, "secret", key->secret, sizeof(key->secret)) ||
	    lines.left > 0)
		return false;
	strcpy(key->issuer, value);
	crypto_signature_key(key->key, key->secret);
	return true;
}

enum err
fleet_key_read(struct fleet_key *key, const char *path, struct error *why)
{
	char text[TEXT_MAX];
	size_t len = 0;
	int fd = -1;
	enum err rc = safe_open(path, O_RDONLY, SAFE_PRIVATE, &fd, why);

	*key = (struct fleet_key){0};
	if (rc == ERR_OK)
		rc = safe_read(fd, path, text, sizeof(text), &len, why);
	if (rc == ERR_OK && (len > sizeof(text) || !parse(key, text, len)))
		rc = error_set(why, ERR_DAMAGED,
		    "%s: not the key of an issuer; restore it from your copy",
		    path);
	if (rc != ERR_OK)
		crypto_wipe(key, sizeof(*key));
	crypto_wipe(text, sizeof(text));
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

enum err
fleet_key_create(struct fleet_key *key, const char *path, const char *issuer,
    struct error *why)
{
	uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN];
	char digits[2 * CRYPTO_SIGNATURE_SECRET_LEN + 1], text[TEXT_MAX];
	enum err rc = crypto_random(secret, sizeof(secret));
	int len;

	if (rc != ERR_OK)
		return error_plain(why, rc);
	hex_put(digits, secret, sizeof(secret));
	len = snprintf(text, sizeof(text), TITLE "\nissuer=%s\nsecret=%s\n",
	    issuer, digits);
	rc = write_file_new(path, text, (size_t)len, S_IRUSR | S_IWUSR, why);
	crypto_wipe(text, sizeof(text));
	crypto_wipe(digits, sizeof(digits));
	crypto_wipe(secret, sizeof(secret));
	return rc == ERR_OK ? fleet_key_read(key, path, why) : rc;
}
