#include "base/list.h"

#include <string.h>

#define BLANKS " \t"

static void
copy_word(char word[LIST_WORD_MAX + 1], const char *from, size_t len)
{
	if (len > LIST_WORD_MAX)
		len = LIST_WORD_MAX;
	memcpy(word, from, len);
	word[len] = '\0';
}

bool
list_next(const char **rest, char word[LIST_WORD_MAX + 1])
{
	size_t len;

	if (**rest == '\0')
		return false;
	len = strcspn(*rest, ",");
	copy_word(word, *rest, len);
	*rest += len;
	if (**rest == ',')
		(*rest)++;
	return true;
}

bool
list_has(const char *list, const char *word)
{
	size_t word_len = strlen(word);

	while (*list != '\0') {
		size_t len = strcspn(list, ",");

		if (len == word_len && memcmp(list, word, len) == 0)
			return true;
		list += len;
		if (*list == ',')
			list++;
	}
	return false;
}

bool
list_has_all(const char *list, const char *words)
{
	char word[LIST_WORD_MAX + 1];

	while (list_next(&words, word)) {
		if (!list_has(list, word))
			return false;
	}
	return true;
}

/* Adds a word that is not in the list yet; false if it does not fit. */
static bool
append(char *list, size_t size, const char *word)
{
	size_t len = strlen(list), word_len = strlen(word);

	if (list_has(list, word))
		return true;
	if (len + (len > 0) + word_len + 1 > size)
		return false;
	if (len > 0)
		list[len++] = ',';
	memcpy(list + len, word, word_len + 1);
	return true;
}

bool
list_parse(const char *text, bool (*is_valid)(const char *word), char *list,
    size_t size, char bad[LIST_WORD_MAX + 1])
{
	list[0] = '\0';
	for (;;) {
		size_t len;

		text += strspn(text, BLANKS);
		len = strcspn(text, ",");
		while (len > 0 && strchr(BLANKS, text[len - 1]) != NULL)
			len--;
		copy_word(bad, text, len);
		if (len > LIST_WORD_MAX || !is_valid(bad))
			return false;
		if (!append(list, size, bad)) {
			bad[0] = '\0';
			return false;
		}
		text += len + strspn(text + len, BLANKS);
		if (*text++ == '\0')
			return true;
	}
}
