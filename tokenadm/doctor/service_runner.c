#include "doctor/service_runner.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "doctor/process_user.h"
#include "doctor/service_hosts.h"
#include "doctor/set_uid_programs.h"
#include "doctor/unit_user.h"

#define ACCOUNT_SIZE SERVICE_RUNNER_ACCOUNT_SIZE

/* The unit of a service that systemd starts under another name. */
static const char *
unit_of(const char *service, const struct service_host *host)
{
	/* Cockpit's web server has an account of its own, and asks no PAM. */
	if (strcmp(service, "cockpit") == 0)
		return "cockpit-session@";
	return host != NULL && host->unit != NULL ? host->unit : service;
}

static void
name_account(uid_t uid, char account[ACCOUNT_SIZE])
{
	const struct passwd *entry = getpwuid(uid);

	if (entry != NULL)
		(void)snprintf(account, ACCOUNT_SIZE, "%s", entry->pw_name);
	else
		(void)snprintf(account, ACCOUNT_SIZE, "uid %u", uid);
}

/* *is_settled: processes of it run, and show as whom. */
static bool
runs_rootless(const struct service_host *host, const char *service,
    bool *is_settled, char account[ACCOUNT_SIZE])
{
	const char *const own[] = {service, NULL};
	const char *const *names = host != NULL ? host->processes : own;

	for (size_t i = 0; i < 2 && names[i] != NULL; i++) {
		struct process_user users;

		process_user_count(names[i], &users);
		*is_settled = users.rooted + users.rootless > 0;
		/* A known host's workers ask, another's master may. */
		if (users.rootless > 0 &&
		    (host != NULL || (users.rooted == 0 && users.asks))) {
			name_account(users.uid, account);
			return true;
		}
		if (*is_settled)
			return false;
	}
	return false;
}

static void
usual_account(const struct service_host *host, char account[ACCOUNT_SIZE])
{
	for (size_t i = 0; i < 3 && host->accounts[i] != NULL; i++) {
		if (getpwnam(host->accounts[i]) == NULL)
			continue;
		(void)snprintf(account, ACCOUNT_SIZE, "%s", host->accounts[i]);
		return;
	}
}

static void
explain(struct error *how, const char *by, const char *name,
    const char account[ACCOUNT_SIZE])
{
	(void)error_set(how, ERR_OK, "%s%s asks PAM as %s, not as root", by,
	    name, account[0] != '\0' ? account : "an account of its own");
}

static bool
is_rootless(const char *service, const struct service_host *host,
    const struct setting *named, struct service_runner *runner,
    struct error *how)
{
	char by[sizeof(named->file) + 32] = "";
	bool is_settled = false;
	struct setting unit;

	if (named->number != 0)
		(void)snprintf(
		    by, sizeof(by), "%s:%zu: ", named->file, named->number);
	if (runner->is_its_user) {
		(void)error_set(
		    how, ERR_OK, "%s asks PAM as its user", host->name);
		return true;
	}
	if (runs_rootless(host, service, &is_settled, runner->account)) {
		explain(how, by, host != NULL ? host->name : service,
		    runner->account);
		return true;
	}
	if (is_settled)
		return false;
	if (unit_user_lacks_root(unit_of(service, host), &unit)) {
		(void)snprintf(runner->account, ACCOUNT_SIZE, "%s", unit.value);
		(void)error_set(how, ERR_OK,
		    "%s:%zu: it runs as %s, not as root", unit.file,
		    unit.number, unit.value);
		return true;
	}
	if (host == NULL)
		return false;
	usual_account(host, runner->account);
	explain(how, by, host->name, runner->account);
	return true;
}

/* The program behind the service, or the one by which its host asks PAM. */
static bool
find_set_uid(const char *service, const struct service_host *host,
    enum service_search search, struct set_uid_program *program)
{
	bool is_taken;

	if (set_uid_programs_find_by_name(service, program, &is_taken))
		return true;
	if (search == SERVICE_SEARCH_QUICK)
		return false;
	if (!is_taken && set_uid_programs_find_by_content(service, program))
		return true;
	if (host == NULL)
		return false;
	for (size_t i = 0; i < 2 && host->processes[i] != NULL; i++) {
		if (set_uid_programs_find_called(host->processes[i], program))
			return true;
	}
	return false;
}

bool
service_runner(const char *service, enum service_search search,
    struct service_runner *runner, struct error *how)
{
	struct set_uid_program program;
	struct setting named;
	const struct service_host *host = service_hosts_find(service, &named);

	*runner = (struct service_runner){.account = ""};
	if (find_set_uid(service, host, search, &program)) {
		runner->is_personal = host == NULL && program.is_for_all;
		runner->is_its_user = !program.is_set_uid;
		if (program.is_set_uid)
			name_account(0, runner->account);
		(void)error_set(how, ERR_OK, "%s is a %s program", program.path,
		    program.is_set_uid ? "set-uid" : "set-gid");
		return true;
	}
	runner->is_personal = runner->is_its_user = host != NULL &&
	    host->is_personal;
	return is_rootless(service, host, &named, runner, how);
}
