#include "fleet/fleet_hashes.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry.h"
#include "fleet/fleet_issued.h"

#define FILE_NAME "hashes"
#define ONE_LEN (TOKEN_ID_LEN + CRYPTO_HASH_LEN) /* an id and its hash */

static void
name_file(const struct config *config, char path[STORE_PATH_SIZE])
{
	struct config issued;

	fleet_issued_config(&issued, config);
	store_path(&issued, FILE_NAME, path);
}

static bool
make_room(struct fleet_hashes *hashes, size_t room)
{
	hashes->each = calloc(room, sizeof(*hashes->each));
	return hashes->each != NULL;
}

void
fleet_hashes_free(struct fleet_hashes *hashes)
{
	free(hashes->each);
	*hashes = (struct fleet_hashes){0};
}

/* The bytes of the file, if there are so many; to be freed. */
static uint8_t *
read_file(const struct config *config, size_t len)
{
	char path[STORE_PATH_SIZE];
	uint8_t *bytes = NULL;
	struct stat st;
	size_t used = 0;
	int fd;

	name_file(config, path);
	fd = retry_openat(
	    AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size == (off_t)len)
		bytes = malloc(len + 1);
	while (bytes != NULL && used < len) {
		ssize_t got = read(fd, bytes + used, len - used);

		if (got <= 0)
			break;
		used += (size_t)got;
	}
	(void)close(fd);
	if (used == len)
		return bytes;
	free(bytes);
	return NULL;
}

/* Whether the file has what makes the set of that head. */
static bool
recall(struct fleet_hashes *hashes, const struct config *config,
    const struct fleet_head *head)
{
	size_t count = (size_t)head->count;
	uint8_t set[CRYPTO_HASH_LEN];
	uint8_t *bytes = read_file(config, count * ONE_LEN);

	if (bytes == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct fleet_known_record *one = &hashes->each[i];

		memcpy(one->id, bytes + i * ONE_LEN, TOKEN_ID_LEN);
		one->id[TOKEN_ID_LEN] = '\0';
		memcpy(one->hash, bytes + i * ONE_LEN + TOKEN_ID_LEN,
		    CRYPTO_HASH_LEN);
	}
	free(bytes);
	hashes->count = count;
	fleet_known_digest(hashes->each, hashes->count, set);
	hashes->is_kept = crypto_equal(set, head->set);
	return hashes->is_kept;
}

static enum err
read_store(struct fleet_hashes *hashes, struct store *store, size_t more,
    struct error *why)
{
	struct fleet_engine_list list;
	enum err rc = fleet_issued_list(store, &list, why);

	fleet_hashes_free(hashes);
	if (rc == ERR_NOT_FOUND)
		rc = ERR_OK;
	if (rc == ERR_OK && !make_room(hashes, list.list.count + more))
		rc = error_plain(why, ERR_NOMEM);
	for (size_t i = 0;
	     rc == ERR_OK && hashes->each != NULL && i < list.list.count; i++) {
		const struct fleet_item *item = &list.list.items[i];
		struct fleet_known_record *one = &hashes->each[hashes->count++];

		memcpy(one->id, item->id, sizeof(one->id));
		fleet_record_hash(one->hash, item->id, item->bytes, item->len);
	}
	fleet_engine_list_free(&list);
	return rc;
}

enum err
fleet_hashes_read(struct fleet_hashes *hashes, struct store *store,
    const struct config *config, const struct fleet_head *head, size_t more,
    struct error *why)
{
	*hashes = (struct fleet_hashes){0};
	if (!make_room(hashes, (size_t)head->count + more + 1))
		return error_plain(why, ERR_NOMEM);
	if (head->seq != 0 && recall(hashes, config, head))
		return ERR_OK;
	return read_store(hashes, store, more + 1, why);
}

/* Where an id is, or belongs. */
static size_t
find(const struct fleet_hashes *hashes, const char *id, bool *is_there)
{
	size_t low = 0, high = hashes->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(hashes->each[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*is_there = low < hashes->count &&
	    strcmp(hashes->each[low].id, id) == 0;
	return low;
}

bool
fleet_hashes_set(struct fleet_hashes *hashes, const char id[TOKEN_ID_LEN + 1],
    const uint8_t hash[CRYPTO_HASH_LEN])
{
	bool is_there;
	size_t at = find(hashes, id, &is_there);
	struct fleet_known_record *one = &hashes->each[at];
	size_t behind = hashes->count - at;

	if (hash == NULL) {
		if (!is_there)
			return false;
		memmove(one, one + 1, (behind - 1) * sizeof(*one));
		hashes->count--;
		hashes->is_kept = false;
		return true;
	}
	if (is_there && crypto_equal(hash, one->hash))
		return false;
	if (!is_there) {
		memmove(one + 1, one, behind * sizeof(*one));
		hashes->count++;
	}
	memcpy(one->id, id, sizeof(one->id));
	memcpy(one->hash, hash, sizeof(one->hash));
	hashes->is_kept = false;
	return true;
}

/* Not durably: what is torn is no set of any head. */
static bool
write_file(const char *path, const uint8_t *bytes, size_t len)
{
	int fd = retry_openat(AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
	    S_IRUSR | S_IWUSR);

	while (fd >= 0 && len > 0) {
		ssize_t written = write(fd, bytes, len);

		if (written <= 0)
			break;
		bytes += written;
		len -= (size_t)written;
	}
	return fd >= 0 && close(fd) == 0 && len == 0;
}

void
fleet_hashes_keep(struct fleet_hashes *hashes, const struct config *config)
{
	size_t len = hashes->count * ONE_LEN;
	char path[STORE_PATH_SIZE];
	uint8_t *bytes, *out;

	if (hashes->is_kept)
		return;
	bytes = out = malloc(len + 1);
	if (bytes == NULL)
		return;
	for (size_t i = 0; i < hashes->count; i++, out += ONE_LEN) {
		memcpy(out, hashes->each[i].id, TOKEN_ID_LEN);
		memcpy(
		    out + TOKEN_ID_LEN, hashes->each[i].hash, CRYPTO_HASH_LEN);
	}
	name_file(config, path);
	hashes->is_kept = write_file(path, bytes, len);
	if (!hashes->is_kept)
		(void)unlink(path); /* the disk is full */
	free(bytes);
}
