/*
 * Lists of services as tokens and policies name them: services, `any`, and
 * groups (`@mail`) that the config defines. A group is resolved when a login is
 * judged, so that a change of the config applies at once.
 */
#ifndef APITOKEN_SERVICES_H
#define APITOKEN_SERVICES_H

#include <stdbool.h>

#include "base/error.h"
#include "base/list.h"

struct service_group; /* a chain of them; NULL is empty */

/* Adds a group. ERR_EXISTS, ERR_NOMEM. */
enum err services_add(
    struct service_group **groups, const char *name, const char *list);

/* Frees the chain. */
void services_free(struct service_group **groups);

/* The services of the group `@name`; NULL if there is none. */
const char *services_of_group(
    const struct service_group *groups, const char *group);

/* Gets the name of a group, without the @. */
typedef void services_visitor(const char *name, void *arg);

/* Visits the groups. */
void services_each(
    const struct service_group *groups, services_visitor *visit, void *arg);

/*
 * Whether every group in the list is defined; if not, bad is the first that is
 * not.
 */
bool services_are_known(const struct service_group *groups, const char *list,
    char bad[LIST_WORD_MAX + 1]);

/* Whether the list names the service, by itself, by a group or by `any`. */
bool services_include(
    const struct service_group *groups, const char *list, const char *service);

/*
 * Whether every word of the list is allowed; if not, bad is the first that is
 * not.
 */
bool services_allowed(const struct service_group *groups, const char *allowed,
    const char *list, char bad[LIST_WORD_MAX + 1]);

#endif
