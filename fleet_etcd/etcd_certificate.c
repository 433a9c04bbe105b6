#include "fleet_etcd/etcd_certificate.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base64.h"
#include "base/parse.h"

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"

/* Tags of DER */
#define INTEGER 0x02
#define OBJECT 0x06
#define UTC_TIME 0x17
#define TIME 0x18
#define SEQUENCE 0x30
#define SET 0x31
#define VERSION 0xa0

struct der {
	const uint8_t *at;
	size_t left;
};

/* The length in front; false: it is longer than what is there. */
static bool
take_length(struct der *from, size_t *len)
{
	uint8_t first;
	size_t digits;

	if (from->left == 0)
		return false;
	first = *from->at++;
	from->left--;
	*len = first;
	if (first >= 0x80) {
		digits = first & 0x7fU;
		if (digits == 0 || digits > 3 || digits > from->left)
			return false;
		for (*len = 0; digits > 0; digits--, from->left--)
			*len = *len << 8 | *from->at++;
	}
	return *len <= from->left;
}

/* The next value, if it has the tag. */
static bool
take(struct der *from, uint8_t tag, struct der *value)
{
	struct der rest = *from;

	if (rest.left == 0 || *rest.at != tag)
		return false;
	rest.at++;
	rest.left--;
	if (!take_length(&rest, &value->left))
		return false;
	value->at = rest.at;
	from->at = rest.at + value->left;
	from->left = rest.left - value->left;
	return true;
}

/* YYMMDDHHMMSSZ, or with four digits of the year. */
static bool
read_time(struct der *from, int64_t *when)
{
	struct der value;
	struct tm tm = {0};
	char text[16] = "20";
	const char *end;

	if (take(from, UTC_TIME, &value) && value.left == 13) {
		/* RFC 5280: below 50 it is this century. */
		memcpy(text, value.at[0] < '5' ? "20" : "19", 2);
		memcpy(text + 2, value.at, value.left);
	} else if (take(from, TIME, &value) && value.left == 15) {
		memcpy(text, value.at, value.left);
	} else {
		return false;
	}
	end = strptime(text, "%Y%m%d%H%M%SZ", &tm);
	*when = (int64_t)timegm(&tm);
	return end == text + 15;
}

static void
take_name(struct etcd_certificate *certificate, struct der attribute)
{
	static const uint8_t CN[] = {0x55, 0x04, 0x03}; /* 2.5.4.3 */
	struct der object, value;

	if (!take(&attribute, OBJECT, &object) || object.left != sizeof(CN) ||
	    memcmp(object.at, CN, sizeof(CN)) != 0)
		return;
	certificate->has_name = true;
	if (attribute.left == 0 || !take(&attribute, *attribute.at, &value) ||
	    value.left > ETCD_NAME_MAX)
		return;
	memcpy(certificate->name, value.at, value.left);
	certificate->name[value.left] = '\0';
	if (!parse_is_printable(certificate->name, ETCD_NAME_MAX))
		certificate->name[0] = '\0';
}

static void
read_subject(struct etcd_certificate *certificate, struct der subject)
{
	struct der set, attribute;

	while (take(&subject, SET, &set)) {
		while (take(&set, SEQUENCE, &attribute))
			take_name(certificate, attribute);
	}
}

static bool
read_der(struct etcd_certificate *certificate, struct der der)
{
	struct der all, body, skipped, validity, subject;
	int64_t begins;

	if (!take(&der, SEQUENCE, &all) || !take(&all, SEQUENCE, &body))
		return false;
	(void)take(&body, VERSION, &skipped);
	if (!take(&body, INTEGER, &skipped) ||
	    !take(&body, SEQUENCE, &skipped) || /* how it is signed */
	    !take(&body, SEQUENCE, &skipped) || /* by whom */
	    !take(&body, SEQUENCE, &validity) ||
	    !take(&body, SEQUENCE, &subject) ||
	    !read_time(&validity, &begins) ||
	    !read_time(&validity, &certificate->ends))
		return false;
	read_subject(certificate, subject);
	return true;
}

/* The base64 of the first one, without its line ends; to be freed. */
static char *
copy_base64(const char *pem)
{
	const char *from = strstr(pem, BEGIN), *end;
	char *text, *at;

	if (from == NULL)
		return NULL;
	from += strlen(BEGIN);
	end = strstr(from, END);
	if (end == NULL)
		return NULL;
	text = malloc((size_t)(end - from) + 1);
	if (text == NULL)
		return NULL;
	for (at = text; from < end; from++) {
		if (*from != '\n' && *from != '\r')
			*at++ = *from;
	}
	*at = '\0';
	return text;
}

bool
etcd_certificate_read(struct etcd_certificate *certificate, const char *pem)
{
	char *text = copy_base64(pem);
	size_t len = text == NULL ? 0 : strlen(text);
	uint8_t *bytes = malloc(len / 4 * 3 + 1);
	struct der der = {bytes, 0};
	bool is_read = false;

	*certificate = (struct etcd_certificate){0};
	if (text != NULL && bytes != NULL &&
	    base64_get(bytes, &der.left, text, len))
		is_read = read_der(certificate, der);
	free(text);
	free(bytes);
	return is_read;
}
